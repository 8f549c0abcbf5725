// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('Id of the subnet of the hub')
param subnet string

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

module privatelink_azurecr_io 'privatelink-azurecr-io/privatelink-azurecr-io.bicep' = {
  name: 'privatelink-azurecr-io'
  scope: rg
  params: {
    subnet: subnet
  }
}

module registries_acr_pe 'registries-acr-pe/registries-acr-pe.bicep' = {
  name: 'registries-acr-pe'
  scope: rg
  params: {
    location: location
    privatelink_azurecr_io_outputs_name: privatelink_azurecr_io.outputs.name
    acr_outputs_id: acr.outputs.id
  }
}

module others_acr_pe 'others-acr-pe/others-acr-pe.bicep' = {
  name: 'others-acr-pe'
  scope: rg
  params: {
    location: location
    privatelink_azurecr_io_outputs_name: privatelink_azurecr_io.outputs.name
    acr_outputs_id: acr.outputs.id
  }
}

module acr_pe 'acr-pe/acr-pe.bicep' = {
  name: 'acr-pe'
  scope: rg
  params: {
    location: location
    privatelink_azurecr_io_outputs_name: privatelink_azurecr_io.outputs.name
    subnet: subnet
    acr_outputs_id: acr.outputs.id
  }
}

module second 'second/second.bicep' = {
  name: 'second'
  scope: rg
  params: {
    location: location
  }
}

module second_pe 'second-pe/second-pe.bicep' = {
  name: 'second-pe'
  scope: rg
  params: {
    location: location
    privatelink_azurecr_io_outputs_name: privatelink_azurecr_io.outputs.name
    subnet: subnet
    second_outputs_id: second.outputs.id
  }
}
