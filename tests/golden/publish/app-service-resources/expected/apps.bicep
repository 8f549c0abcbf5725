// The apps of shop, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'shop'

@secure()
@minLength(1)
param api_key string

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
    web_outputs_planid: infrastructure.properties.outputs.web_planId.value
    web_outputs_azure_container_registry_managed_identity_client_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID.value
    api_containerimage: api_containerimage
    api_identity_outputs_id: infrastructure.properties.outputs.api_identity_id.value
    api_identity_outputs_clientid: infrastructure.properties.outputs.api_identity_clientId.value
    web_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    telemetry_outputs_appinsightsconnectionstring: infrastructure.properties.outputs.telemetry_appInsightsConnectionString.value
    vault_outputs_vaulturi: infrastructure.properties.outputs.vault_vaultUri.value
    api_key_value: api_key
    files_outputs_blobendpoint: infrastructure.properties.outputs.files_blobEndpoint.value
    files_outputs_queueendpoint: infrastructure.properties.outputs.files_queueEndpoint.value
    files_outputs_tableendpoint: infrastructure.properties.outputs.files_tableEndpoint.value
    shared_outputs_vaulturi: infrastructure.properties.outputs.shared_vaultUri.value
    web_outputs_azure_app_service_dashboard_uri: infrastructure.properties.outputs.web_AZURE_APP_SERVICE_DASHBOARD_URI.value
    web_outputs_azure_website_contributor_managed_identity_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID.value
    web_outputs_azure_website_contributor_managed_identity_principal_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID.value
  }
}
