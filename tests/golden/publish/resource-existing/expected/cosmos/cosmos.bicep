@description('The location of the resources.')
param location string = resourceGroup().location

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = {
  name: 'company-cosmos'
}

resource cosmos_main 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  name: 'main'
  parent: cosmos
  location: location
  properties: {
    resource: {
      id: 'main'
    }
  }
}

resource cosmos_main_items 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  name: 'items'
  parent: cosmos_main
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

output connectionString string = cosmos.properties.documentEndpoint

output name string = cosmos.name

output id string = cosmos.id
