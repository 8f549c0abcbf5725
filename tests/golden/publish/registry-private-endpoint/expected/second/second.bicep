@description('The location of the resources.')
param location string = resourceGroup().location

resource second 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('second${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'second'
  }
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: 'Disabled'
  }
}

output name string = second.name

output loginServer string = second.properties.loginServer

output id string = second.id
