@description('The location of the resources.')
param location string = resourceGroup().location

resource files 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_43:the name is made unique when it is deployed, which checkov cannot evaluate
  // checkov:skip=CKV_AZURE_35:apps reach it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_59:apps reach it over the public network; only Entra identities with a role are let in
  name: take('files${uniqueString(resourceGroup().id)}', 24)
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
    'shipit-resource-name': 'files'
  }
}

output blobEndpoint string = files.properties.primaryEndpoints.blob

output dataLakeEndpoint string = files.properties.primaryEndpoints.dfs

output fileEndpoint string = files.properties.primaryEndpoints.file

output queueEndpoint string = files.properties.primaryEndpoints.queue

output tableEndpoint string = files.properties.primaryEndpoints.table

output name string = files.name

output id string = files.id
