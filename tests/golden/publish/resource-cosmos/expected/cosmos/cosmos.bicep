@description('The location of the resources.')
param location string = resourceGroup().location

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  // checkov:skip=CKV_AZURE_100:encrypted with keys of Azure; keys of one's own need a vault
  // checkov:skip=CKV_AZURE_99:apps reach it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_101:apps reach it over the public network; only Entra identities with a role are let in
  name: take('cosmos-${uniqueString(resourceGroup().id)}', 44)
  location: location
  kind: 'GlobalDocumentDB'
  properties: {
    capabilities: [
      {
        name: 'EnableServerless'
      }
    ]
    consistencyPolicy: {
      defaultConsistencyLevel: 'Session'
    }
    databaseAccountOfferType: 'Standard'
    disableKeyBasedMetadataWriteAccess: true
    disableLocalAuth: true
    locations: [
      {
        failoverPriority: 0
        locationName: location
      }
    ]
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: 'Enabled'
  }
  tags: {
    'shipit-resource-name': 'cosmos'
  }
}

resource cosmos_catalog 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  name: 'catalog'
  parent: cosmos
  location: location
  properties: {
    resource: {
      id: 'catalog'
    }
  }
}

resource cosmos_catalog_products 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  name: 'products'
  parent: cosmos_catalog
  location: location
  properties: {
    resource: {
      id: 'products'
      partitionKey: {
        kind: 'Hash'
        paths: [
          '/category'
        ]
      }
    }
  }
}

resource cosmos_catalog_prices 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  name: 'price-list'
  parent: cosmos_catalog
  location: location
  properties: {
    resource: {
      defaultTtl: 86400
      id: 'price-list'
      partitionKey: {
        kind: 'MultiHash'
        paths: [
          '/tenant'
          '/product'
        ]
        version: 2
      }
    }
  }
}

output connectionString string = cosmos.properties.documentEndpoint

output name string = cosmos.name

output id string = cosmos.id
