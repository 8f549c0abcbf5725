param cosmos_outputs_name string

param principalId string

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = {
  name: cosmos_outputs_name
}

resource cosmos_CosmosDBBuiltinDataContributor 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions@2025-04-15' existing = {
  name: '00000000-0000-0000-0000-000000000002'
  parent: cosmos
}

resource cosmos_CosmosDBBuiltinDataContributor_assignment 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = {
  name: guid(principalId, cosmos_CosmosDBBuiltinDataContributor.id, cosmos.id)
  parent: cosmos
  properties: {
    principalId: principalId
    roleDefinitionId: cosmos_CosmosDBBuiltinDataContributor.id
    scope: cosmos.id
  }
}
