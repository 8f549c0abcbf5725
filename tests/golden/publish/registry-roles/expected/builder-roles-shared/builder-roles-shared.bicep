param shared_outputs_name string

param principalId string

resource shared 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: shared_outputs_name
}

resource shared_role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(shared.id, principalId, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '00000000-0000-0000-0000-00000000000a'))
  scope: shared
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '00000000-0000-0000-0000-00000000000a')
  }
}
