// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@secure()
@minLength(1)
param api_key string

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module aca_acr 'aca-acr/aca-acr.bicep' = {
  name: 'aca-acr'
  scope: rg
  params: {
    location: location
  }
}

module aca 'aca/aca.bicep' = {
  name: 'aca'
  scope: rg
  params: {
    location: location
    aca_acr_outputs_name: aca_acr.outputs.name
  }
}

module shared 'shared/shared.bicep' = {
  name: 'shared'
  scope: resourceGroup('rg-company')
}

module strict 'strict/strict.bicep' = {
  name: 'strict'
  scope: rg
  params: {
    location: location
  }
}

module vault 'vault/vault.bicep' = {
  name: 'vault'
  scope: rg
  params: {
    location: location
    api_key: api_key
  }
}

module api_identity 'api-identity/api-identity.bicep' = {
  name: 'api-identity'
  scope: rg
  params: {
    location: location
  }
}

module api_roles_shared 'api-roles-shared/api-roles-shared.bicep' = {
  name: 'api-roles-shared'
  scope: resourceGroup('rg-company')
  params: {
    shared_outputs_name: shared.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_vault 'api-roles-vault/api-roles-vault.bicep' = {
  name: 'api-roles-vault'
  scope: rg
  params: {
    vault_outputs_name: vault.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output shared_vaultUri string = shared.outputs.vaultUri

output vault_vaultUri string = vault.outputs.vaultUri
