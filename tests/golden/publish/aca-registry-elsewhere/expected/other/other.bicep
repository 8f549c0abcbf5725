@description('The location of the resources.')
param location string = resourceGroup().location

resource other 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: take('other${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'other'
  }
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

output name string = other.name

output loginServer string = other.properties.loginServer

output id string = other.id
