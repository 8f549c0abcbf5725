@description('The location of the resources.')
param location string = resourceGroup().location

param acr_token string

resource output_ 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139:images are pushed and pulled from outside of Azure too
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('output${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'output'
    a: acr_token
  }
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

resource a__b_c_scope 'Microsoft.ContainerRegistry/registries/scopeMaps@2025-11-01' = {
  parent: output_
  name: 'a--b-c'
  properties: {
    actions: [
      'repositories/x/content/read'
    ]
  }
}

resource repositories_pull_scope 'Microsoft.ContainerRegistry/registries/scopeMaps@2025-11-01' existing = {
  parent: output_
  name: '_repositories_pull'
}

resource a_b_c_token 'Microsoft.ContainerRegistry/registries/tokens@2025-11-01' = {
  parent: output_
  name: 'a-b-c'
  properties: {
    scopeMapId: repositories_pull_scope.id
    status: 'enabled'
  }
}

resource a__b_c_token 'Microsoft.ContainerRegistry/registries/tokens@2025-11-01' = {
  parent: output_
  name: 'a--b-c'
  properties: {
    scopeMapId: a__b_c_scope.id
    status: 'enabled'
  }
}

resource output_webhook 'Microsoft.ContainerRegistry/registries/webhooks@2025-11-01' = {
  parent: output_
  name: 'output'
  location: location
  tags: {
    a: acr_token
  }
  properties: {
    status: 'enabled'
    serviceUri: 'https://example.com'
    actions: [
      'push'
    ]
  }
}

output name string = output_.name

output loginServer string = output_.properties.loginServer

output id string = output_.id
