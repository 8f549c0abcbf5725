// The apps of elsewhere, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'elsewhere'

@description('The image of api, best by its digest.')
param api_containerimage string

@description('The image of web, best by its digest.')
param web_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    api_containerimage: api_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
  }
}

module web 'web/web.bicep' = {
  name: 'web'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    web_containerimage: web_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    other_outputs_loginserver: infrastructure.properties.outputs.other_loginServer.value
  }
}
