param store_name string

resource store 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: store_name
}

resource store_blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  name: 'default'
  parent: store
  properties: {
  }
}

resource store_images 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  name: 'images'
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
