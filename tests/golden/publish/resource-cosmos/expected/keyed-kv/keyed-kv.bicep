@description('The location of the resources.')
param location string = resourceGroup().location

resource keyed_kv 'Microsoft.KeyVault/vaults@2025-05-01' = {
  // checkov:skip=CKV_AZURE_109:apps read it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_189:apps read it over the public network; only Entra identities with a role are let in
  name: take('keyedkv-${uniqueString(resourceGroup().id)}', 24)
  location: location
  properties: {
    enablePurgeProtection: true
    enableRbacAuthorization: true
    enableSoftDelete: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
    publicNetworkAccess: 'Enabled'
    sku: {
      family: 'A'
      name: 'standard'
    }
    tenantId: tenant().tenantId
  }
  tags: {
    'shipit-resource-name': 'keyed-kv'
  }
}

output vaultUri string = keyed_kv.properties.vaultUri

output name string = keyed_kv.name

output id string = keyed_kv.id
