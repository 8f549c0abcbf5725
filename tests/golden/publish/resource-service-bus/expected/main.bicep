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

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output bus_serviceBusEndpoint string = bus.outputs.serviceBusEndpoint

output bus_serviceBusHostName string = bus.outputs.serviceBusHostName

output fast_serviceBusEndpoint string = fast.outputs.serviceBusEndpoint

output fast_serviceBusHostName string = fast.outputs.serviceBusHostName
