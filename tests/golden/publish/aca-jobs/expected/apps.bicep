// The apps of jobs, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'jobs'

@secure()
@minLength(1)
param key string

@description('The image of manual, best by its digest.')
param manual_containerimage string

@description('The image of many, best by its digest.')
param many_containerimage string

@description('The image of nightly, best by its digest.')
param nightly_containerimage string

@description('The image of worker, best by its digest.')
param worker_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module manual 'manual/manual.bicep' = {
  name: 'manual'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    manual_containerimage: manual_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
  }
}

module many 'many/many.bicep' = {
  name: 'many'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    many_containerimage: many_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
  }
}

module nightly 'nightly/nightly.bicep' = {
  name: 'nightly'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    nightly_containerimage: nightly_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
    key_value: key
    env_outputs_volumes_nightly_0: infrastructure.properties.outputs.env_volumes_nightly_0.value
  }
}

module worker 'worker/worker.bicep' = {
  name: 'worker'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    key_value: key
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    worker_containerimage: worker_containerimage
    env_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    env_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.env_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
  }
}
