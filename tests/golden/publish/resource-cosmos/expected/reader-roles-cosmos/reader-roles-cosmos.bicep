param cosmos_outputs_name string

param principalId string

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = {
  name: cosmos_outputs_name
}

resource cosmos_CosmosDBBuiltinDataReader 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions@2025-04-15' existing = {
  name: '00000000-0000-0000-0000-000000000001'
  parent: cosmos
}

resource cosmos_CosmosDBBuiltinDataReader_assignment 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = {
  name: guid(principalId, cosmos_CosmosDBBuiltinDataReader.id, cosmos.id)
  parent: cosmos
  properties: {
    principalId: principalId
    roleDefinitionId: cosmos_CosmosDBBuiltinDataReader.id
    scope: cosmos.id
  }
}
