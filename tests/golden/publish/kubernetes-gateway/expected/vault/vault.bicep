@description('The location of the resources.')
param location string = resourceGroup().location

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  // checkov:skip=CKV_AZURE_109:apps read it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_189:apps read it over the public network; only Entra identities with a role are let in
  name: take('vault-${uniqueString(resourceGroup().id)}', 24)
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
    'shipit-resource-name': 'vault'
  }
}

output vaultUri string = vault.properties.vaultUri

output name string = vault.name

output id string = vault.id
