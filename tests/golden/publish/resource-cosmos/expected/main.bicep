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

module cosmos 'cosmos/cosmos.bicep' = {
  name: 'cosmos'
  scope: rg
  params: {
    location: location
  }
}

module keyed_kv 'keyed-kv/keyed-kv.bicep' = {
  name: 'keyed-kv'
  scope: rg
  params: {
    location: location
  }
}

module keyed 'keyed/keyed.bicep' = {
  name: 'keyed'
  scope: rg
  params: {
    location: location
    keyed_kv_outputs_name: keyed_kv.outputs.name
  }
}

module api_identity 'api-identity/api-identity.bicep' = {
  name: 'api-identity'
  scope: rg
  params: {
    location: location
  }
}

module api_roles_cosmos 'api-roles-cosmos/api-roles-cosmos.bicep' = {
  name: 'api-roles-cosmos'
  scope: rg
  params: {
    cosmos_outputs_name: cosmos.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_keyed_kv 'api-roles-keyed-kv/api-roles-keyed-kv.bicep' = {
  name: 'api-roles-keyed-kv'
  scope: rg
  params: {
    keyed_kv_outputs_name: keyed_kv.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module reader_identity 'reader-identity/reader-identity.bicep' = {
  name: 'reader-identity'
  scope: rg
  params: {
    location: location
  }
}

module reader_roles_cosmos 'reader-roles-cosmos/reader-roles-cosmos.bicep' = {
  name: 'reader-roles-cosmos'
  scope: rg
  params: {
    cosmos_outputs_name: cosmos.outputs.name
    principalId: reader_identity.outputs.principalId
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output cosmos_connectionString string = cosmos.outputs.connectionString

output keyed_endpoint string = keyed.outputs.endpoint

output keyed_kv_vaultUri string = keyed_kv.outputs.vaultUri

output reader_identity_clientId string = reader_identity.outputs.clientId

output reader_identity_id string = reader_identity.outputs.id
