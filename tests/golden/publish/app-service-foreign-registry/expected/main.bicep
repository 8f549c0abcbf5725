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

module web 'web/web.bicep' = {
  name: 'web'
  scope: rg
  params: {
    location: location
  }
}

output web_AZURE_APP_SERVICE_DASHBOARD_URI string = web.outputs.AZURE_APP_SERVICE_DASHBOARD_URI

output web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID string = web.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID

output web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = web.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID

output web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID string = web.outputs.AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID

output web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID string = web.outputs.AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID

output web_planId string = web.outputs.planId
