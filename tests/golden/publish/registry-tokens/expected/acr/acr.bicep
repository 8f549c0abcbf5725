@description('The location of the resources.')
param location string = resourceGroup().location

param end string

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
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

resource read_shop_scope 'Microsoft.ContainerRegistry/registries/scopeMaps@2025-11-01' = {
  parent: acr
  name: 'read-shop'
  properties: {
    description: 'All that read'
    actions: [
      'repositories/shop/*/content/read'
      'repositories/shop/*/metadata/read'
      'repositories/base/content/read'
      'repositories/base/metadata/read'
    ]
  }
}

resource edge_1_scope 'Microsoft.ContainerRegistry/registries/scopeMaps@2025-11-01' = {
  parent: acr
  name: 'edge-1'
  properties: {
    actions: [
      'repositories/edge/content/read'
      'repositories/edge/content/write'
    ]
  }
}

resource repositories_pull_scope 'Microsoft.ContainerRegistry/registries/scopeMaps@2025-11-01' existing = {
  parent: acr
  name: '_repositories_pull'
}

resource scanner_token 'Microsoft.ContainerRegistry/registries/tokens@2025-11-01' = {
  parent: acr
  name: 'scanner'
  properties: {
    scopeMapId: read_shop_scope.id
    status: 'enabled'
    credentials: {
      passwords: [
        {
          name: 'password1'
          expiry: end
        }
      ]
    }
  }
}

resource mirror_token 'Microsoft.ContainerRegistry/registries/tokens@2025-11-01' = {
  parent: acr
  name: 'mirror'
  properties: {
    scopeMapId: repositories_pull_scope.id
    status: 'disabled'
  }
}

resource edge_1_token 'Microsoft.ContainerRegistry/registries/tokens@2025-11-01' = {
  parent: acr
  name: 'edge-1'
  properties: {
    scopeMapId: edge_1_scope.id
    status: 'enabled'
  }
}

output name string = acr.name

output loginServer string = acr.properties.loginServer

output id string = acr.id
