@description('The location of the resources.')
param location string = resourceGroup().location

resource aca_acr 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: take('acaacr${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'aca-acr'
  }
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

output name string = aca_acr.name

output loginServer string = aca_acr.properties.loginServer

output id string = aca_acr.id
