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

module ai 'ai/ai.bicep' = {
  name: 'ai'
  scope: rg
  params: {
    location: location
  }
}

module closed 'closed/closed.bicep' = {
  name: 'closed'
  scope: rg
  params: {
    location: location
  }
}

module api_identity 'api-identity/api-identity.bicep' = {
  name: 'api-identity'
  scope: rg
  params: {
    location: location
  }
}

module api_roles_ai 'api-roles-ai/api-roles-ai.bicep' = {
  name: 'api-roles-ai'
  scope: rg
  params: {
    ai_outputs_name: ai.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_closed 'api-roles-closed/api-roles-closed.bicep' = {
  name: 'api-roles-closed'
  scope: rg
  params: {
    closed_outputs_name: closed.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output ai_connectionString string = ai.outputs.connectionString

output ai_endpoint string = ai.outputs.endpoint

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output closed_connectionString string = closed.outputs.connectionString

output closed_endpoint string = closed.outputs.endpoint
