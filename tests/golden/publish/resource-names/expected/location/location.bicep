@description('The location of the resources.')
param location string = resourceGroup().location

resource location_2 'Microsoft.KeyVault/vaults@2025-05-01' = {
  // checkov:skip=CKV_AZURE_109:apps read it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_189:apps read it over the public network; only Entra identities with a role are let in
  name: take('location-${uniqueString(resourceGroup().id)}', 24)
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
    'shipit-resource-name': 'location'
  }
}

output vaultUri string = location_2.properties.vaultUri

output name string = location_2.name

output id string = location_2.id
