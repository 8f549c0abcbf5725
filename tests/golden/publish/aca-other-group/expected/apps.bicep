// The apps of groups, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'groups'

param group string = 'rg-apps'

@description('The image of api, best by its digest.')
param api_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(group)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    api_containerimage: api_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
  }
}
