@description('The location of the resources.')
param location string = resourceGroup().location

resource a_registry_with_a_name_that_is_longer_than_azure_would_take_it 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139:images are pushed and pulled from outside of Azure too
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('aregistrywithanamethatislongerthanazu${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'a-registry-with-a-name-that-is-longer-than-azure-would-take-it'
  }
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

output name string = a_registry_with_a_name_that_is_longer_than_azure_would_take_it.name

output loginServer string = a_registry_with_a_name_that_is_longer_than_azure_would_take_it.properties.loginServer

output id string = a_registry_with_a_name_that_is_longer_than_azure_would_take_it.id
