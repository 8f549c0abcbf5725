@description('The location of the resources.')
param location string = resourceGroup().location

param keyed_kv_outputs_name string

resource keyed 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  // checkov:skip=CKV_AZURE_100:encrypted with keys of Azure; keys of one's own need a vault
  // checkov:skip=CKV_AZURE_99:nothing reaches it over the public network
  // checkov:skip=CKV_AZURE_140:the manifest says access-keys
  name: take('keyed-${uniqueString(resourceGroup().id)}', 44)
  location: location
  kind: 'GlobalDocumentDB'
  properties: {
    capabilities: []
    consistencyPolicy: {
      defaultConsistencyLevel: 'BoundedStaleness'
      maxIntervalInSeconds: 300
      maxStalenessPrefix: 100000
    }
    databaseAccountOfferType: 'Standard'
    disableKeyBasedMetadataWriteAccess: true
    disableLocalAuth: false
    enableFreeTier: true
    locations: [
      {
        failoverPriority: 0
        locationName: location
      }
    ]
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: 'Disabled'
  }
  tags: {
    'shipit-resource-name': 'keyed'
  }
}

resource keyed_main 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  name: 'main'
  parent: keyed
  location: location
  properties: {
    resource: {
      id: 'main'
    }
  }
}

resource keyed_main_items 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  name: 'items'
  parent: keyed_main
  location: location
  properties: {
    resource: {
      id: 'items'
      partitionKey: {
        kind: 'Hash'
        paths: [
          '/id'
        ]
      }
    }
  }
}

resource keyed_vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: keyed_kv_outputs_name
}

resource keyed_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the account and not by time
  name: 'connectionstrings--keyed'
  parent: keyed_vault
  properties: {
    contentType: 'text/plain'
    value: 'AccountEndpoint=${keyed.properties.documentEndpoint};AccountKey=${keyed.listKeys().primaryMasterKey}'
  }
}

resource keyed_primaryAccessKey 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the account and not by time
  name: 'primaryaccesskey--keyed'
  parent: keyed_vault
  properties: {
    contentType: 'text/plain'
    value: keyed.listKeys().primaryMasterKey
  }
}

resource keyed_main_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the account and not by time
  name: 'connectionstrings--main'
  parent: keyed_vault
  properties: {
    contentType: 'text/plain'
    value: 'AccountEndpoint=${keyed.properties.documentEndpoint};AccountKey=${keyed.listKeys().primaryMasterKey};Database=main'
  }
}

resource keyed_items_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the key of the account and not by time
  name: 'connectionstrings--items'
  parent: keyed_vault
  properties: {
    contentType: 'text/plain'
    value: 'AccountEndpoint=${keyed.properties.documentEndpoint};AccountKey=${keyed.listKeys().primaryMasterKey};Database=main;Container=items'
  }
}

output endpoint string = keyed.properties.documentEndpoint

output name string = keyed.name

output id string = keyed.id
