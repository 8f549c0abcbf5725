// The apps of net, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'net'

@description('The image of api, best by its digest.')
param api_containerimage string

@description('The image of plain, best by its digest.')
param plain_containerimage string

@description('The image of tcp, best by its digest.')
param tcp_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: 'westeurope'
    my_internal_environment_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    api_containerimage: api_containerimage
    my_internal_environment_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    my_internal_environment_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
  }
}

module plain 'plain/plain.bicep' = {
  name: 'plain'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: 'westeurope'
    my_internal_environment_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    plain_containerimage: plain_containerimage
    my_internal_environment_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    my_internal_environment_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    my_internal_environment_outputs_azure_container_apps_environment_default_domain: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN.value
  }
}

module tcp 'tcp/tcp.bicep' = {
  name: 'tcp'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: 'westeurope'
    my_internal_environment_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    tcp_containerimage: tcp_containerimage
    my_internal_environment_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    my_internal_environment_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    my_internal_environment_outputs_azure_container_apps_environment_default_domain: infrastructure.properties.outputs.my_internal_environment_AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN.value
  }
}
