// The apps of shop, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'shop'

@description('The image of builder, best by its digest.')
param builder_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module builder 'builder/builder.bicep' = {
  name: 'builder'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    builder_identity_outputs_id: infrastructure.properties.outputs.builder_identity_id.value
    builder_identity_outputs_clientid: infrastructure.properties.outputs.builder_identity_clientId.value
    aca_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    builder_containerimage: builder_containerimage
    aca_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    aca_outputs_azure_container_registry_endpoint: infrastructure.properties.outputs.aca_AZURE_CONTAINER_REGISTRY_ENDPOINT.value
  }
}
