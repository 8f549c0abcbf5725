// The apps of shop, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'shop'

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
    aca_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    store_outputs_tableendpoint: infrastructure.properties.outputs.store_tableEndpoint.value
    store_outputs_blobendpoint: infrastructure.properties.outputs.store_blobEndpoint.value
    lake_outputs_blobendpoint: infrastructure.properties.outputs.lake_blobEndpoint.value
    store_outputs_queueendpoint: infrastructure.properties.outputs.store_queueEndpoint.value
    store_outputs_fileendpoint: infrastructure.properties.outputs.store_fileEndpoint.value
    lake_outputs_queueendpoint: infrastructure.properties.outputs.lake_queueEndpoint.value
    lake_outputs_tableendpoint: infrastructure.properties.outputs.lake_tableEndpoint.value
    plain_outputs_tableendpoint: infrastructure.properties.outputs.plain_tableEndpoint.value
  }
}

module jobs 'jobs/jobs.bicep' = {
  name: 'jobs'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    jobs_identity_outputs_id: infrastructure.properties.outputs.jobs_identity_id.value
    jobs_identity_outputs_clientid: infrastructure.properties.outputs.jobs_identity_clientId.value
    aca_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    store_outputs_tableendpoint: infrastructure.properties.outputs.store_tableEndpoint.value
    store_outputs_blobendpoint: infrastructure.properties.outputs.store_blobEndpoint.value
    store_outputs_queueendpoint: infrastructure.properties.outputs.store_queueEndpoint.value
    store_outputs_fileendpoint: infrastructure.properties.outputs.store_fileEndpoint.value
  }
}
