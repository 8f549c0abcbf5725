@description('The location of the resources.')
param location string = resourceGroup().location

@description('What it is for')
param stage string

resource images 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139:images are pushed and pulled from outside of Azure too
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
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
