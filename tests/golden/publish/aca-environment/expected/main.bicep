// The infrastructure of net: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param logs_group string = 'rg-logs'

@description('Id of the delegated subnet')
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

module my_internal_environment 'my-internal-environment/my-internal-environment.bicep' = {
  name: 'my-internal-environment'
  scope: rg
  params: {
    location: 'westeurope'
    logs_group: logs_group
    acr_outputs_name: acr.outputs.name
    subnet: subnet
  }
}

output my_internal_environment_AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = my_internal_environment.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN

output my_internal_environment_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = my_internal_environment.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output my_internal_environment_AZURE_CONTAINER_REGISTRY_ENDPOINT string = my_internal_environment.outputs.AZURE_CONTAINER_REGISTRY_ENDPOINT

output my_internal_environment_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = my_internal_environment.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID
