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
    other_outputs_sqlserverfqdn: infrastructure.properties.outputs.other_sqlServerFqdn.value
    sql_outputs_sqlserverfqdn: infrastructure.properties.outputs.sql_sqlServerFqdn.value
  }
}
