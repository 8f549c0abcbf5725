// The apps of shop, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'shop'

param user string

@secure()
@minLength(1)
param token string

@description('The image of api, best by its digest.')
param api_containerimage string

@description('The image of docs, best by its digest.')
param docs_containerimage string

@description('The image of hello, best by its digest.')
param hello_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    web_outputs_planid: infrastructure.properties.outputs.web_planId.value
    user_value: user
    token_value: token
    api_containerimage: api_containerimage
    web_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    web_outputs_azure_app_service_dashboard_uri: infrastructure.properties.outputs.web_AZURE_APP_SERVICE_DASHBOARD_URI.value
    web_outputs_azure_container_registry_managed_identity_client_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID.value
    web_outputs_azure_website_contributor_managed_identity_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID.value
    web_outputs_azure_website_contributor_managed_identity_principal_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID.value
  }
}

module docs 'docs/docs.bicep' = {
  name: 'docs'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    web_outputs_planid: infrastructure.properties.outputs.web_planId.value
    docs_containerimage: docs_containerimage
    web_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    web_outputs_azure_app_service_dashboard_uri: infrastructure.properties.outputs.web_AZURE_APP_SERVICE_DASHBOARD_URI.value
    web_outputs_azure_container_registry_managed_identity_client_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID.value
    web_outputs_azure_website_contributor_managed_identity_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID.value
    web_outputs_azure_website_contributor_managed_identity_principal_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID.value
  }
}

module hello 'hello/hello.bicep' = {
  name: 'hello'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    web_outputs_planid: infrastructure.properties.outputs.web_planId.value
    hello_containerimage: hello_containerimage
    web_outputs_azure_container_registry_managed_identity_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID.value
    web_outputs_azure_app_service_dashboard_uri: infrastructure.properties.outputs.web_AZURE_APP_SERVICE_DASHBOARD_URI.value
    web_outputs_azure_container_registry_managed_identity_client_id: infrastructure.properties.outputs.web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID.value
    web_outputs_azure_website_contributor_managed_identity_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID.value
    web_outputs_azure_website_contributor_managed_identity_principal_id: infrastructure.properties.outputs.web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID.value
  }
}
