@description('The location of the resources.')
param location string = resourceGroup().location

param keyed_kv_outputs_name string

resource keyed 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: take('keyed-${uniqueString(resourceGroup().id)}', 60)
  location: location
  sku: {
    name: 'MemoryOptimized_M10'
  }
  properties: {
    highAvailability: 'Disabled'
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
  }
  tags: {
    'shipit-resource-name': 'keyed'
  }
}

resource keyed_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  name: 'default'
  parent: keyed
  properties: {
    accessKeysAuthentication: 'Enabled'
    clientProtocol: 'Encrypted'
    clusteringPolicy: 'OSSCluster'
    evictionPolicy: 'AllKeysLRU'
    port: 10000
  }
}

resource keyed_vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: keyed_kv_outputs_name
}

resource keyed_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the cache and not by time
  name: 'connectionstrings--keyed'
  parent: keyed_vault
  properties: {
    contentType: 'text/plain'
    value: '${keyed.properties.hostName}:10000,ssl=true,password=${keyed_default.listKeys().primaryKey}'
  }
}

resource keyed_primaryAccessKey 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the cache and not by time
  name: 'primaryaccesskey--keyed'
  parent: keyed_vault
  properties: {
    contentType: 'text/plain'
    value: keyed_default.listKeys().primaryKey
  }
}

resource keyed_uri 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the cache and not by time
  name: 'uri--keyed'
  parent: keyed_vault
  properties: {
    contentType: 'text/plain'
    value: 'rediss://:${uriComponent(keyed_default.listKeys().primaryKey)}@${keyed.properties.hostName}:10000'
  }
}

output name string = keyed.name

output id string = keyed.id

output hostName string = keyed.properties.hostName
