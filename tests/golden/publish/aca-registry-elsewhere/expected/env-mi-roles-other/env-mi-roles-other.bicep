param other_outputs_name string

param principalId string

resource other 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: other_outputs_name
}

resource other_AcrPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(other.id, principalId, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d'))
  scope: other
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}
