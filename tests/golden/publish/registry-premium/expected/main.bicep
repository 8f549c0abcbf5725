// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('Addresses of the office')
param office string

param west string = 'westus'

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module acr 'acr/acr.bicep' = {
  name: 'acr'
  scope: resourceGroup('00000000-0000-0000-0000-000000000001', 'rg-registries')
  params: {
    location: 'West Europe'
    office: office
    west: west
  }
}
