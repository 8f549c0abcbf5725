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

module big 'big/big.bicep' = {
  name: 'big'
  scope: rg
  params: {
    location: location
  }
}

module events 'events/events.bicep' = {
  name: 'events'
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

module api_roles_big 'api-roles-big/api-roles-big.bicep' = {
  name: 'api-roles-big'
  scope: rg
  params: {
    big_outputs_name: big.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_events 'api-roles-events/api-roles-events.bicep' = {
  name: 'api-roles-events'
  scope: rg
  params: {
    events_outputs_name: events.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output big_eventHubsEndpoint string = big.outputs.eventHubsEndpoint

output big_eventHubsHostName string = big.outputs.eventHubsHostName

output events_eventHubsEndpoint string = events.outputs.eventHubsEndpoint

output events_eventHubsHostName string = events.outputs.eventHubsHostName
