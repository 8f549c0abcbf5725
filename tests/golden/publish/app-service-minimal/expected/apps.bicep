// The apps of shop, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'shop'

param mode string = 'fast'

@description('The image of api, best by its digest.')
param api_containerimage string

@description('The image of site, best by its digest.')
param site_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    web_outputs_planid: infrastructure.properties.outputs.web_planId.value
    web_outputs_azure_container_registry_managed_identity_client_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID.value
    api_containerimage: api_containerimage
    web_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    mode_value: mode
    web_outputs_azure_app_service_dashboard_uri: infrastructure.properties.outputs.web_AZURE_APP_SERVICE_DASHBOARD_URI.value
    web_outputs_azure_website_contributor_managed_identity_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID.value
    web_outputs_azure_website_contributor_managed_identity_principal_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID.value
  }
}

module site 'site/site.bicep' = {
  name: 'site'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    web_outputs_planid: infrastructure.properties.outputs.web_planId.value
    web_outputs_azure_container_registry_managed_identity_client_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID.value
    site_containerimage: site_containerimage
    web_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    web_outputs_websitesuffix: infrastructure.properties.outputs.web_webSiteSuffix.value
    web_outputs_azure_app_service_dashboard_uri: infrastructure.properties.outputs.web_AZURE_APP_SERVICE_DASHBOARD_URI.value
    web_outputs_azure_website_contributor_managed_identity_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID.value
    web_outputs_azure_website_contributor_managed_identity_principal_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID.value
  }
}
