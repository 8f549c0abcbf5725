@description('The location of the resources.')
param location string = resourceGroup().location

@description('What it is for')
param stage string

resource images 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: 'shopimages'
  location: location
  tags: {
    'shipit-resource-name': 'images'
    'cost center': '5'
    owner: 'me'
    stage: stage
  }
  sku: {
    name: 'Standard'
  }
  properties: {
    adminUserEnabled: true
    anonymousPullEnabled: true
  }
}

output name string = images.name

output loginServer string = images.properties.loginServer

output id string = images.id
