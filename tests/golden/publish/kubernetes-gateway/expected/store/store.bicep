@description('The location of the resources.')
param location string = resourceGroup().location

resource store 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_43:the name is made unique when it is deployed, which checkov cannot evaluate
  // checkov:skip=CKV_AZURE_35:apps reach it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_59:apps reach it over the public network; only Entra identities with a role are let in
  name: take('store${uniqueString(resourceGroup().id)}', 24)
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
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
  }
}

resource store_blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  name: 'default'
  parent: store
  properties: {
  }
}

resource store_pictures 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  name: 'pictures'
  parent: store_blobs
  properties: {
    publicAccess: 'None'
  }
}

output blobEndpoint string = store.properties.primaryEndpoints.blob

output dataLakeEndpoint string = store.properties.primaryEndpoints.dfs

output fileEndpoint string = store.properties.primaryEndpoints.file

output queueEndpoint string = store.properties.primaryEndpoints.queue

output tableEndpoint string = store.properties.primaryEndpoints.table

output name string = store.name

output id string = store.id
