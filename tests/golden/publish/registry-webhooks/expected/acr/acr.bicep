@description('The location of the resources.')
param location string = resourceGroup().location

@secure()
param hook_key string

@secure()
param hook_url string

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139:images are pushed and pulled from outside of Azure too
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('acr${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'acr'
  }
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

resource westusReplication 'Microsoft.ContainerRegistry/registries/replications@2025-11-01' = {
  parent: acr
  name: 'westus'
  location: 'westus'
}

resource pushed_webhook 'Microsoft.ContainerRegistry/registries/webhooks@2025-11-01' = {
  parent: acr
  name: 'pushed'
  location: location
  properties: {
    status: 'enabled'
    serviceUri: hook_url
    customHeaders: {
      Authorization: 'Bearer ${hook_key}'
      'X-Stage': 'default'
    }
    actions: [
      'push'
      'delete'
      'chart_push'
    ]
    scope: 'api:*'
  }
}

resource western_webhook 'Microsoft.ContainerRegistry/registries/webhooks@2025-11-01' = {
  parent: acr
  name: 'western'
  location: 'westus'
  properties: {
    status: 'disabled'
    serviceUri: 'https://example.com/x?a=\'\${b}\''
    actions: [
      'push'
    ]
  }
}

output name string = acr.name

output loginServer string = acr.properties.loginServer

output id string = acr.id
