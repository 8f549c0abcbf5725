// The apps of shop, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'shop'

@description('The image of an-app-with-a-name-that-is-longer-than-azure-likes-it-to-be, best by its digest.')
param an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be 'an-app-with-a-name-that-is-longer-than-azure-likes-it-to-be/an-app-with-a-name-that-is-longer-than-azure-likes-it-to-be.bicep' = {
  name: 'an-app-with-a-name-that-is-longer-than-azure-likes-it-to-be'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    web_outputs_planid: infrastructure.properties.outputs.web_planId.value
    an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_containerimage: an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_containerimage
    web_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    web_outputs_azure_app_service_dashboard_uri: infrastructure.properties.outputs.web_AZURE_APP_SERVICE_DASHBOARD_URI.value
    web_outputs_azure_container_registry_managed_identity_client_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID.value
    web_outputs_azure_website_contributor_managed_identity_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID.value
    web_outputs_azure_website_contributor_managed_identity_principal_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID.value
  }
}
