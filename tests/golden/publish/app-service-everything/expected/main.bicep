// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param subnet string

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module acr 'acr/acr.bicep' = {
  name: 'acr'
  scope: resourceGroup('11111111-2222-3333-4444-555555555555', 'registries')
}

module web_mi 'web-mi/web-mi.bicep' = {
  name: 'web-mi'
  scope: rg
  params: {
    location: 'westeurope'
  }
}

module web_mi_roles_acr 'web-mi-roles-acr/web-mi-roles-acr.bicep' = {
  name: 'web-mi-roles-acr'
  scope: resourceGroup('11111111-2222-3333-4444-555555555555', 'registries')
  params: {
    acr_outputs_name: acr.outputs.name
    principalId: web_mi.outputs.principalId
  }
}

module web 'web/web.bicep' = {
  name: 'web'
  scope: rg
  params: {
    location: 'westeurope'
    web_mi_outputs_id: web_mi.outputs.id
    acr_outputs_name: acr.outputs.name
    web_mi_outputs_clientid: web_mi.outputs.clientId
    subnet: subnet
  }
}

output web_AZURE_APPLICATION_INSIGHTS_CONNECTION_STRING string = web.outputs.AZURE_APPLICATION_INSIGHTS_CONNECTION_STRING

output web_AZURE_APPLICATION_INSIGHTS_INSTRUMENTATIONKEY string = web.outputs.AZURE_APPLICATION_INSIGHTS_INSTRUMENTATIONKEY

output web_AZURE_APP_SERVICE_DASHBOARD_URI string = web.outputs.AZURE_APP_SERVICE_DASHBOARD_URI

output web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID string = web.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID

output web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = web.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID

output web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID string = web.outputs.AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID

output web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID string = web.outputs.AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID

output web_planId string = web.outputs.planId

output web_webSiteSuffix string = web.outputs.webSiteSuffix
