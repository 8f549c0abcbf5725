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

module bus 'bus/bus.bicep' = {
  name: 'bus'
  scope: rg
  params: {
    location: location
  }
}

module fast 'fast/fast.bicep' = {
  name: 'fast'
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

module api_roles_bus 'api-roles-bus/api-roles-bus.bicep' = {
  name: 'api-roles-bus'
  scope: rg
  params: {
    bus_outputs_name: bus.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_fast 'api-roles-fast/api-roles-fast.bicep' = {
  name: 'api-roles-fast'
  scope: rg
  params: {
    fast_outputs_name: fast.outputs.name
    principalId: api_identity.outputs.principalId
  }
}
