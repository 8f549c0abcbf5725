// The apps of services, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'services'

@description('Password of `cache`')
@secure()
@minLength(1)
param cache_password string

@description('Password of `db`')
@secure()
@minLength(1)
param db_password string

@description('The image of api, best by its digest.')
param api_containerimage string

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
    cache_password_value: cache_password
    db_password_value: db_password
    env_outputs_azure_container_apps_environment_default_domain: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN.value
  }
}

module cache 'cache/cache.bicep' = {
  name: 'cache'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    cache_password_value: cache_password
  }
}

module db 'db/db.bicep' = {
  name: 'db'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    db_password_value: db_password
    env_outputs_volumes_db_0: infrastructure.properties.outputs.env_volumes_db_0.value
  }
}

module mail 'mail/mail.bicep' = {
  name: 'mail'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
  }
}
