// The apps of shop, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'shop'

@description('Domain of the shop')
param domain string

@description('Name of its certificate; empty before there is one')
param certificate string = ''

@description('Token of the supplier')
@secure()
@minLength(1)
param token string

param greeting string = 'hello'

@description('The image of api, best by its digest.')
param api_containerimage string

@description('The image of grpc, best by its digest.')
param grpc_containerimage string

@description('The image of media, best by its digest.')
param media_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: 'swedencentral'
    domain_value: domain
    certificate_value: certificate
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    token_value: token
    api_containerimage: api_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    greeting_value: greeting
    env_outputs_volumes_api_0: infrastructure.properties.outputs.env_volumes_api_0.value
    env_outputs_bindmounts_api_0: infrastructure.properties.outputs.env_bindmounts_api_0.value
    env_outputs_volumes_api_1: infrastructure.properties.outputs.env_volumes_api_1.value
  }
}

module grpc 'grpc/grpc.bicep' = {
  name: 'grpc'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: 'swedencentral'
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    grpc_containerimage: grpc_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    env_outputs_azure_container_apps_environment_default_domain: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN.value
  }
}

module media 'media/media.bicep' = {
  name: 'media'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: 'swedencentral'
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    media_containerimage: media_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    env_outputs_volumes_media_0: infrastructure.properties.outputs.env_volumes_media_0.value
    env_outputs_volumes_media_1: infrastructure.properties.outputs.env_volumes_media_1.value
    env_outputs_volumes_media_2: infrastructure.properties.outputs.env_volumes_media_2.value
  }
}
