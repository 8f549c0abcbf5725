// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param location_2 string = 'westeurope'

param acr_token string = 'x'

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module a_registry_with_a_name_that_is_longer_than_azure_would_take_it 'a-registry-with-a-name-that-is-longer-than-azure-would-take-it/a-registry-with-a-name-that-is-longer-than-azure-would-take-it.bicep' = {
  name: 'a-registry-with-a-name-that-is-longer-than-azure-would-take-it'
  scope: rg
  params: {
    location: location
  }
}

module output_ 'output/output.bicep' = {
  name: 'output'
  scope: rg
  params: {
    location: location_2
    acr_token: acr_token
  }
}
