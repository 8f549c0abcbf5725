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
    cosmos_outputs_connectionstring: infrastructure.properties.outputs.cosmos_connectionString.value
    keyed_kv_outputs_vaulturi: infrastructure.properties.outputs.keyed_kv_vaultUri.value
    keyed_outputs_endpoint: infrastructure.properties.outputs.keyed_endpoint.value
  }
}

module reader 'reader/reader.bicep' = {
  name: 'reader'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    reader_identity_outputs_id: infrastructure.properties.outputs.reader_identity_id.value
    reader_identity_outputs_clientid: infrastructure.properties.outputs.reader_identity_clientId.value
    aca_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    cosmos_outputs_connectionstring: infrastructure.properties.outputs.cosmos_connectionString.value
  }
}
