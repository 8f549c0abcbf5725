// The apps of mirror, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'mirror'

@description('Password of `db`')
@secure()
@minLength(1)
param db_password string

param greeting string = 'hello'

@description('The image of api, best by its digest.')
param api_containerimage string

@description('The image of web, best by its digest.')
param web_containerimage string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    aca_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    api_containerimage: api_containerimage
    db_password_value: db_password
    greeting_value: greeting
  }
}

module web 'web/web.bicep' = {
  name: 'web'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    aca_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    web_containerimage: web_containerimage
    aca_outputs_azure_container_apps_environment_default_domain: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN.value
  }
}

module db 'db/db.bicep' = {
  name: 'db'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    aca_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    db_password_value: db_password
  }
}
