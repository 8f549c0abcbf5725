@description('The location of the resources.')
param location string = resourceGroup().location

resource web_acr 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: take('webacr${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'web-acr'
  }
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

output name string = web_acr.name

output loginServer string = web_acr.properties.loginServer

output id string = web_acr.id
