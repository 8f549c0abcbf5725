param final_registry_outputs_name string

param principalId string

resource final_registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: final_registry_outputs_name
}

resource final_registry_AcrPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(final_registry.id, principalId, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d'))
  scope: final_registry
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}
