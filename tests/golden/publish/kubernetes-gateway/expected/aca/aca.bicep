@description('The location of the resources.')
param location string = resourceGroup().location

var tags = {
  'shipit-resource-name': 'aca'
}

resource aca_law 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: take('acalaw-${uniqueString(resourceGroup().id)}', 63)
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
  }
}

resource aca 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: take('aca${uniqueString(resourceGroup().id)}', 24)
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: aca_law.properties.customerId
        sharedKey: aca_law.listKeys().primarySharedKey
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
  parent: aca
  name: 'aspire-dashboard'
  properties: {
    componentType: 'AspireDashboard'
  }
}

output AZURE_LOG_ANALYTICS_WORKSPACE_NAME string = aca_law.name

output AZURE_LOG_ANALYTICS_WORKSPACE_ID string = aca_law.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_NAME string = aca.name

output AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = aca.properties.defaultDomain
