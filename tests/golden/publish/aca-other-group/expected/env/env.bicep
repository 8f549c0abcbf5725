@description('The location of the resources.')
param location string = resourceGroup().location

param env_mi_outputs_id string

param acr_outputs_name string

param acr_outputs_id string

param logs_outputs_name string

param logs_outputs_loganalyticsworkspaceid string

var tags = {
  'shipit-resource-name': 'env'
}

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: acr_outputs_name
  scope: resourceGroup(split(acr_outputs_id, '/')[2], split(acr_outputs_id, '/')[4])
}

resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: logs_outputs_name
  scope: resourceGroup(split(logs_outputs_loganalyticsworkspaceid, '/')[2], split(logs_outputs_loganalyticsworkspaceid, '/')[4])
}

resource env 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: take('env${uniqueString(resourceGroup().id)}', 24)
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
    workloadProfiles: [
      {
        name: 'consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

resource aspireDashboard 'Microsoft.App/managedEnvironments/dotNetComponents@2025-10-02-preview' = {
  parent: env
  name: 'aspire-dashboard'
  properties: {
    componentType: 'AspireDashboard'
  }
}

output AZURE_LOG_ANALYTICS_WORKSPACE_NAME string = logs.name

output AZURE_LOG_ANALYTICS_WORKSPACE_ID string = logs.id

output AZURE_CONTAINER_REGISTRY_NAME string = acr.name

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = acr.properties.loginServer

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = env_mi_outputs_id

output AZURE_CONTAINER_APPS_ENVIRONMENT_NAME string = env.name

output AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = env.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = env.properties.defaultDomain
