// The apps of passwordless, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'passwordless'

param queue string = 'orders'

@description('The image of api, best by its digest.')
param api_containerimage string

@description('The image of mailer, best by its digest.')
param mailer_containerimage string

@description('The image of shared, best by its digest.')
param shared_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    api_identity_outputs_id: infrastructure.properties.outputs.api_identity_id.value
    api_identity_outputs_clientid: infrastructure.properties.outputs.api_identity_clientId.value
    queue_value: queue
    store_outputs_name: infrastructure.properties.outputs.store_name.value
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    api_containerimage: api_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    store_outputs_queueendpoint: infrastructure.properties.outputs.store_queueEndpoint.value
    store_outputs_blobendpoint: infrastructure.properties.outputs.store_blobEndpoint.value
    vault_outputs_vaulturi: infrastructure.properties.outputs.vault_vaultUri.value
    store_outputs_tableendpoint: infrastructure.properties.outputs.store_tableEndpoint.value
  }
}

module mailer 'mailer/mailer.bicep' = {
  name: 'mailer'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    mailer_identity_outputs_id: infrastructure.properties.outputs.mailer_identity_id.value
    mailer_identity_outputs_clientid: infrastructure.properties.outputs.mailer_identity_clientId.value
    bus_outputs_name: infrastructure.properties.outputs.bus_name.value
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    mailer_containerimage: mailer_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    bus_outputs_servicebushostname: infrastructure.properties.outputs.bus_serviceBusHostName.value
    bus_outputs_servicebusendpoint: infrastructure.properties.outputs.bus_serviceBusEndpoint.value
  }
}

module shared 'shared/shared.bicep' = {
  name: 'shared'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    shared_identity_outputs_id: infrastructure.properties.outputs.shared_identity_id.value
    shared_identity_outputs_clientid: infrastructure.properties.outputs.shared_identity_clientId.value
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    shared_containerimage: shared_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    store_outputs_queueendpoint: infrastructure.properties.outputs.store_queueEndpoint.value
    store_outputs_blobendpoint: infrastructure.properties.outputs.store_blobEndpoint.value
    store_outputs_tableendpoint: infrastructure.properties.outputs.store_tableEndpoint.value
  }
}
