@description('The location of the resources.')
param location string = resourceGroup().location

param aca_acr_outputs_name string

var tags = {
  'shipit-resource-name': 'aca'
}

resource aca_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('aca_mi-${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: tags
}

resource aca_acr 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: aca_acr_outputs_name
}

resource aca_acr_aca_mi_AcrPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(aca_acr.id, aca_mi.id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d'))
  scope: aca_acr
  properties: {
    principalId: aca_mi.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
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

output AZURE_CONTAINER_REGISTRY_NAME string = aca_acr.name

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = aca_acr.properties.loginServer

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = aca_mi.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_NAME string = aca.name

output AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = aca.properties.defaultDomain
