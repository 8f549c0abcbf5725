@description('The location of the resources.')
param location string = resourceGroup().location

resource lake 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_43:the name is made unique when it is deployed, which checkov cannot evaluate
  // checkov:skip=CKV_AZURE_206:the manifest says which SKU, and with it how data are replicated
  name: take('lake${uniqueString(resourceGroup().id)}', 24)
  location: location
  kind: 'BlockBlobStorage'
  sku: {
    name: 'Premium_LRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: true
    allowSharedKeyAccess: false
    isHnsEnabled: true
    minimumTlsVersion: 'TLS1_2'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Deny'
    }
    publicNetworkAccess: 'Disabled'
    supportsHttpsTrafficOnly: true
  }
  tags: {
    'shipit-resource-name': 'lake'
  }
}

output blobEndpoint string = lake.properties.primaryEndpoints.blob

output dataLakeEndpoint string = lake.properties.primaryEndpoints.dfs

output fileEndpoint string = lake.properties.primaryEndpoints.file

output queueEndpoint string = lake.properties.primaryEndpoints.queue

output tableEndpoint string = lake.properties.primaryEndpoints.table

output name string = lake.name

output id string = lake.id
