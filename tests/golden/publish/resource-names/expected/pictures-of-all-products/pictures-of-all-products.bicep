@description('The location of the resources.')
param location string = resourceGroup().location

resource pictures_of_all_products 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_43:the name is made unique when it is deployed, which checkov cannot evaluate
  // checkov:skip=CKV_AZURE_35:apps reach it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_59:apps reach it over the public network; only Entra identities with a role are let in
  name: take('picturesofa${uniqueString(resourceGroup().id, 'pictures-of-all-products')}', 24)
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
    'shipit-resource-name': 'pictures-of-all-products'
  }
}

output blobEndpoint string = pictures_of_all_products.properties.primaryEndpoints.blob

output dataLakeEndpoint string = pictures_of_all_products.properties.primaryEndpoints.dfs

output fileEndpoint string = pictures_of_all_products.properties.primaryEndpoints.file

output queueEndpoint string = pictures_of_all_products.properties.primaryEndpoints.queue

output tableEndpoint string = pictures_of_all_products.properties.primaryEndpoints.table

output name string = pictures_of_all_products.name

output id string = pictures_of_all_products.id
