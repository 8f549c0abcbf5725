@description('The location of the resources.')
param location string = resourceGroup().location

param vault_outputs_name string

resource kept 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: take('kept-${uniqueString(resourceGroup().id)}', 60)
  location: location
  sku: {
    name: 'Balanced_B0'
  }
  properties: {
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
  tags: {
    'shipit-resource-name': 'kept'
  }
}

resource kept_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  name: 'default'
  parent: kept
  properties: {
    accessKeysAuthentication: 'Enabled'
    clientProtocol: 'Encrypted'
    port: 10000
  }
}

resource kept_vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vault_outputs_name
}

resource kept_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the cache and not by time
  name: 'connectionstrings--kept'
  parent: kept_vault
  properties: {
    contentType: 'text/plain'
    value: '${kept.properties.hostName}:10000,ssl=true,password=${kept_default.listKeys().primaryKey}'
  }
}

resource kept_primaryAccessKey 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the cache and not by time
  name: 'primaryaccesskey--kept'
  parent: kept_vault
  properties: {
    contentType: 'text/plain'
    value: kept_default.listKeys().primaryKey
  }
}

resource kept_uri 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the cache and not by time
  name: 'uri--kept'
  parent: kept_vault
  properties: {
    contentType: 'text/plain'
    value: 'rediss://:${uriComponent(kept_default.listKeys().primaryKey)}@${kept.properties.hostName}:10000'
  }
}

output name string = kept.name

output id string = kept.id

output hostName string = kept.properties.hostName
