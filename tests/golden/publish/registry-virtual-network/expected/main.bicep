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

module acr 'acr/acr.bicep' = {
  name: 'acr'
  scope: rg
  params: {
    location: location
  }
}

module network 'network/network.bicep' = {
  name: 'network'
  scope: rg
  params: {
    location: location
  }
}

module privatelink_azurecr_io 'privatelink-azurecr-io/privatelink-azurecr-io.bicep' = {
  name: 'privatelink-azurecr-io'
  scope: rg
  params: {
    network_outputs_id: network.outputs.id
  }
}

module registries_acr_pe 'registries-acr-pe/registries-acr-pe.bicep' = {
  name: 'registries-acr-pe'
  scope: rg
  params: {
    location: location
    privatelink_azurecr_io_outputs_name: privatelink_azurecr_io.outputs.name
    network_outputs_registries_id: network.outputs.registries_Id
    acr_outputs_id: acr.outputs.id
  }
}

module hub_acr_pe 'hub-acr-pe/hub-acr-pe.bicep' = {
  name: 'hub-acr-pe'
  scope: rg
  params: {
    location: location
    privatelink_azurecr_io_outputs_name: privatelink_azurecr_io.outputs.name
    network_outputs_hub_id: network.outputs.hub_Id
    acr_outputs_id: acr.outputs.id
  }
}
