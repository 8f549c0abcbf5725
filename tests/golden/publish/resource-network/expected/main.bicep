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

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output net_data_Id string = net.outputs.data_Id

output old_shared_Id string = old.outputs.shared_Id
