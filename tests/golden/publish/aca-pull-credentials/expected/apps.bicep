// The apps of ghcr, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'ghcr'

@description('Who pulls')
param user string

@description('Token with read:packages')
@secure()
@minLength(1)
param pull_token string

@description('The image of api, best by its digest.')
param api_containerimage string

@description('The image of job, best by its digest.')
param job_containerimage string

@description('The image of open, best by its digest.')
param open_containerimage string

@description('The image of silent-app, best by its digest.')
param silent_app_containerimage string

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
    user_value: user
    pull_token_value: pull_token
  }
}

module job 'job/job.bicep' = {
  name: 'job'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    job_containerimage: job_containerimage
    user_value: user
    pull_token_value: pull_token
  }
}

module open 'open/open.bicep' = {
  name: 'open'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    open_containerimage: open_containerimage
  }
}

module other 'other/other.bicep' = {
  name: 'other'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
  }
}

module silent_app 'silent-app/silent-app.bicep' = {
  name: 'silent-app'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    silent_app_containerimage: silent_app_containerimage
  }
}

module taken 'taken/taken.bicep' = {
  name: 'taken'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    env_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    user_value: user
    pull_token_value: pull_token
  }
}
