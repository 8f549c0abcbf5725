@description('The location of the resources.')
param location string = resourceGroup().location

param logs_group string

param acr_outputs_name string

@description('Id of the delegated subnet')
param subnet string

var tags = {
  'shipit-resource-name': 'my-internal-environment'
  'cost-centre': logs_group
  owner: 'shop'
}

resource my_internal_environment_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: 'puller'
  scope: resourceGroup('rg-shared')
}

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: acr_outputs_name
}

resource my_internal_environment_law 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: 'logs'
  scope: resourceGroup(logs_group)
}

resource my_internal_environment 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: take('myinternale${uniqueString(resourceGroup().id, 'my-internal-environment')}', 24)
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: my_internal_environment_law.properties.customerId
        sharedKey: my_internal_environment_law.listKeys().primarySharedKey
      }
    }
    peerAuthentication: {
      mtls: {
        enabled: true
      }
    }
    vnetConfiguration: {
      infrastructureSubnetId: subnet
      internal: true
    }
    workloadProfiles: [
      {
        name: 'consumption'
        workloadProfileType: 'Consumption'
      }
      {
        name: 'big'
        workloadProfileType: 'E8'
        minimumCount: 0
        maximumCount: 4
      }
      {
        name: 'gpu'
        workloadProfileType: 'Consumption-GPU-NC8as-T4'
      }
    ]
    zoneRedundant: true
  }
}

output AZURE_LOG_ANALYTICS_WORKSPACE_NAME string = my_internal_environment_law.name

output AZURE_LOG_ANALYTICS_WORKSPACE_ID string = my_internal_environment_law.id

output AZURE_CONTAINER_REGISTRY_NAME string = acr.name

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = acr.properties.loginServer

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = my_internal_environment_mi.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_NAME string = my_internal_environment.name

output AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = my_internal_environment.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = my_internal_environment.properties.defaultDomain
