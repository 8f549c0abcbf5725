// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module aca_acr 'aca-acr/aca-acr.bicep' = {
  name: 'aca-acr'
  scope: rg
  params: {
    location: location
  }
}

module aca 'aca/aca.bicep' = {
  name: 'aca'
  scope: rg
  params: {
    location: location
    aca_acr_outputs_name: aca_acr.outputs.name
  }
}

module insights 'insights/insights.bicep' = {
  name: 'insights'
  scope: rg
  params: {
    location: location
  }
}

module logs 'logs/logs.bicep' = {
  name: 'logs'
  scope: rg
  params: {
    location: location
  }
}

module strict 'strict/strict.bicep' = {
  name: 'strict'
  scope: rg
  params: {
    location: location
    logs_outputs_loganalyticsworkspaceid: logs.outputs.logAnalyticsWorkspaceId
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output insights_appInsightsConnectionString string = insights.outputs.appInsightsConnectionString

output logs_customerId string = logs.outputs.customerId

output logs_logAnalyticsWorkspaceId string = logs.outputs.logAnalyticsWorkspaceId
