// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param address_space string = '10.8.0.0/16'

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module net 'net/net.bicep' = {
  name: 'net'
  scope: rg
  params: {
    location: location
  }
}

module old 'old/old.bicep' = {
  name: 'old'
  scope: resourceGroup('rg-hub')
}

module wide 'wide/wide.bicep' = {
  name: 'wide'
  scope: rg
  params: {
    location: location
    address_space: address_space
  }
}
