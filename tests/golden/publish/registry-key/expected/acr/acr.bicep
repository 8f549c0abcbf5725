@description('The location of the resources.')
param location string = resourceGroup().location

param keys_group string

@description('Address of the key')
param key string

resource keyIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: 'registry-key'
  scope: resourceGroup('00000000-0000-0000-0000-000000000001', keys_group)
}

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
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${keyIdentity.id}': {}
    }
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    encryption: {
      status: 'enabled'
      keyVaultProperties: {
        identity: keyIdentity.properties.clientId
        keyIdentifier: key
      }
    }
  }
}

output name string = acr.name

output loginServer string = acr.properties.loginServer

output id string = acr.id
