// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param registry_group string = 'rg-shared'

@description('The registry that all teams share')
param registry_name string

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module known 'known/known.bicep' = {
  name: 'known'
  scope: rg
}

module shared 'shared/shared.bicep' = {
  name: 'shared'
  scope: resourceGroup('00000000-0000-0000-0000-000000000001', registry_group)
  params: {
    registry_name: registry_name
  }
}
