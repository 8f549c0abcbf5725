// The infrastructure of shop: registries, environments, backing services and identities.
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

module acr 'acr/acr.bicep' = {
  name: 'acr'
  scope: rg
  params: {
    location: location
  }
}

module shared 'shared/shared.bicep' = {
  name: 'shared'
  scope: resourceGroup('rg-shared')
}

module aca 'aca/aca.bicep' = {
  name: 'aca'
  scope: rg
  params: {
    location: location
    acr_outputs_name: acr.outputs.name
  }
}

module builder_identity 'builder-identity/builder-identity.bicep' = {
  name: 'builder-identity'
  scope: rg
  params: {
    location: location
  }
}

module builder_roles_acr 'builder-roles-acr/builder-roles-acr.bicep' = {
  name: 'builder-roles-acr'
  scope: rg
  params: {
    acr_outputs_name: acr.outputs.name
    principalId: builder_identity.outputs.principalId
  }
}

module builder_roles_shared 'builder-roles-shared/builder-roles-shared.bicep' = {
  name: 'builder-roles-shared'
  scope: resourceGroup('rg-shared')
  params: {
    shared_outputs_name: shared.outputs.name
    principalId: builder_identity.outputs.principalId
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output aca_AZURE_CONTAINER_REGISTRY_ENDPOINT string = aca.outputs.AZURE_CONTAINER_REGISTRY_ENDPOINT

output aca_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = aca.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID

output builder_identity_clientId string = builder_identity.outputs.clientId

output builder_identity_id string = builder_identity.outputs.id
