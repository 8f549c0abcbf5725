// The infrastructure of elsewhere: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module final_registry 'final-registry/final-registry.bicep' = {
  name: 'final-registry'
  scope: resourceGroup('00000000-0000-0000-0000-000000000001', 'rg-registries')
}

module other 'other/other.bicep' = {
  name: 'other'
  scope: rg
  params: {
    location: location
  }
}

module env_mi 'env-mi/env-mi.bicep' = {
  name: 'env-mi'
  scope: rg
  params: {
    location: location
  }
}

module env_mi_roles_final_registry 'env-mi-roles-final-registry/env-mi-roles-final-registry.bicep' = {
  name: 'env-mi-roles-final-registry'
  scope: resourceGroup('00000000-0000-0000-0000-000000000001', 'rg-registries')
  params: {
    final_registry_outputs_name: final_registry.outputs.name
    principalId: env_mi.outputs.principalId
  }
}

module env_mi_roles_other 'env-mi-roles-other/env-mi-roles-other.bicep' = {
  name: 'env-mi-roles-other'
  scope: rg
  params: {
    other_outputs_name: other.outputs.name
    principalId: env_mi.outputs.principalId
  }
}

module env 'env/env.bicep' = {
  name: 'env'
  scope: rg
  params: {
    location: location
    env_mi_outputs_id: env_mi.outputs.id
    final_registry_outputs_name: final_registry.outputs.name
  }
}

output env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = env.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output env_AZURE_CONTAINER_REGISTRY_ENDPOINT string = env.outputs.AZURE_CONTAINER_REGISTRY_ENDPOINT

output env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = env.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID

output other_loginServer string = other.outputs.loginServer
