@description('The location of the resources.')
param location string = resourceGroup().location

resource strict 'Microsoft.KeyVault/vaults@2025-05-01' = {
  // checkov:skip=CKV_AZURE_42:the manifest says purge-protection = false
  // checkov:skip=CKV_AZURE_110:the manifest says purge-protection = false
  name: take('strict-${uniqueString(resourceGroup().id)}', 24)
  location: location
  properties: {
    enableRbacAuthorization: true
    enableSoftDelete: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Deny'
    }
    publicNetworkAccess: 'Disabled'
    sku: {
      family: 'A'
      name: 'premium'
    }
    softDeleteRetentionInDays: 30
    tenantId: tenant().tenantId
  }
  tags: {
    'shipit-resource-name': 'strict'
  }
}

output vaultUri string = strict.properties.vaultUri

output name string = strict.name

output id string = strict.id
