@description('The location of the resources.')
param location string = resourceGroup().location

param storage_sku string

resource store 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_43:the name is made unique when it is deployed, which checkov cannot evaluate
  // checkov:skip=CKV_AZURE_35:apps reach it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_59:apps reach it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_206:the manifest says which SKU, and with it how data are replicated
  // checkov:skip=CKV2_AZURE_40:the manifest says shared-key-access = true
  name: 'shopstore'
  location: location
  kind: 'StorageV2'
  sku: {
    name: storage_sku
  }
  properties: {
    accessTier: 'Cool'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: true
    isHnsEnabled: false
    minimumTlsVersion: 'TLS1_2'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
    publicNetworkAccess: 'Enabled'
    supportsHttpsTrafficOnly: true
  }
  tags: {
    'shipit-resource-name': 'store'
    'cost centre': '42'
    owner: 'shop'
  }
}

resource store_blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  name: 'default'
  parent: store
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource store_images 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  name: 'product-images'
  parent: store_blobs
  properties: {
    publicAccess: 'None'
  }
}

resource store_docs 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  name: 'documents'
  parent: store_blobs
  properties: {
    publicAccess: 'None'
  }
}

resource store_queues 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  name: 'default'
  parent: store
}

resource store_work 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = {
  name: 'work'
  parent: store_queues
}

resource store_tables 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  name: 'default'
  parent: store
}

resource store_Audit 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = {
  name: 'Audit'
  parent: store_tables
}

resource store_shares 'Microsoft.Storage/storageAccounts/fileServices@2025-06-01' = {
  name: 'default'
  parent: store
}

resource store_files 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-06-01' = {
  name: 'files'
  parent: store_shares
}

output blobEndpoint string = store.properties.primaryEndpoints.blob

output dataLakeEndpoint string = store.properties.primaryEndpoints.dfs

output fileEndpoint string = store.properties.primaryEndpoints.file

output queueEndpoint string = store.properties.primaryEndpoints.queue

output tableEndpoint string = store.properties.primaryEndpoints.table

output name string = store.name

output id string = store.id
