// The infrastructure of groups: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param group string = 'rg-apps'

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module acr 'acr/acr.bicep' = {
  name: 'acr'
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

module env_mi_roles_acr 'env-mi-roles-acr/env-mi-roles-acr.bicep' = {
  name: 'env-mi-roles-acr'
  scope: rg
  params: {
    acr_outputs_name: acr.outputs.name
    principalId: env_mi.outputs.principalId
  }
}

module logs 'logs/logs.bicep' = {
  name: 'logs'
  scope: rg
  params: {
    location: location
  }
}

module env 'env/env.bicep' = {
  name: 'env'
  scope: resourceGroup(group)
  params: {
    location: location
    env_mi_outputs_id: env_mi.outputs.id
    acr_outputs_name: acr.outputs.name
    acr_outputs_id: acr.outputs.id
    logs_outputs_name: logs.outputs.name
    logs_outputs_loganalyticsworkspaceid: logs.outputs.logAnalyticsWorkspaceId
  }
}

output env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = env.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output env_AZURE_CONTAINER_REGISTRY_ENDPOINT string = env.outputs.AZURE_CONTAINER_REGISTRY_ENDPOINT

output env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = env.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID
