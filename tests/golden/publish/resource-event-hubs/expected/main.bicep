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
