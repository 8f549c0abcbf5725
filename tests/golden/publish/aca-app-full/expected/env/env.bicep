@description('The location of the resources.')
param location string = resourceGroup().location

param acr_outputs_name string

var tags = {
  'shipit-resource-name': 'env'
}

resource env_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('env_mi-${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: tags
}

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: acr_outputs_name
}

resource acr_env_mi_AcrPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(acr.id, env_mi.id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d'))
  scope: acr
  properties: {
    principalId: env_mi.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}

resource env_law 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: take('envlaw-${uniqueString(resourceGroup().id)}', 63)
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
  }
}

resource env 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: take('env${uniqueString(resourceGroup().id)}', 24)
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: env_law.properties.customerId
        sharedKey: env_law.listKeys().primarySharedKey
      }
    }
    workloadProfiles: [
      {
        name: 'consumption'
        workloadProfileType: 'Consumption'
      }
      {
        name: 'big'
        workloadProfileType: 'D4'
        minimumCount: 1
        maximumCount: 3
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

resource env_storageVolume 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: take('envsv${uniqueString(resourceGroup().id)}', 24)
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    largeFileSharesState: 'Enabled'
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource storageVolumeFileService 'Microsoft.Storage/storageAccounts/fileServices@2025-06-01' = {
  parent: env_storageVolume
  name: 'default'
}

resource share_data 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-06-01' = {
  parent: storageVolumeFileService
  name: 'data'
  properties: {
    enabledProtocols: 'SMB'
    shareQuota: 1024
  }
}

resource share_api_bm0 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-06-01' = {
  parent: storageVolumeFileService
  name: 'api-bm0'
  properties: {
    enabledProtocols: 'SMB'
    shareQuota: 1024
  }
}

resource share_media 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-06-01' = {
  parent: storageVolumeFileService
  name: 'media'
  properties: {
    enabledProtocols: 'SMB'
    shareQuota: 10
  }
}

resource share_media_2_6967860f 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-06-01' = {
  parent: storageVolumeFileService
  name: 'media-2-6967860f'
  properties: {
    enabledProtocols: 'SMB'
    shareQuota: 1024
  }
}

resource storage_data 'Microsoft.App/managedEnvironments/storages@2026-01-01' = {
  parent: env
  name: 'data'
  properties: {
    azureFile: {
      accountName: env_storageVolume.name
      accountKey: env_storageVolume.listKeys().keys[0].value
      shareName: share_data.name
      accessMode: 'ReadWrite'
    }
  }
}

resource storage_api_bm0_ro 'Microsoft.App/managedEnvironments/storages@2026-01-01' = {
  parent: env
  name: 'api-bm0-ro'
  properties: {
    azureFile: {
      accountName: env_storageVolume.name
      accountKey: env_storageVolume.listKeys().keys[0].value
      shareName: share_api_bm0.name
      accessMode: 'ReadOnly'
    }
  }
}

resource storage_media_ro 'Microsoft.App/managedEnvironments/storages@2026-01-01' = {
  parent: env
  name: 'media-ro'
  properties: {
    azureFile: {
      accountName: env_storageVolume.name
      accountKey: env_storageVolume.listKeys().keys[0].value
      shareName: share_media.name
      accessMode: 'ReadOnly'
    }
  }
}

resource storage_media 'Microsoft.App/managedEnvironments/storages@2026-01-01' = {
  parent: env
  name: 'media'
  properties: {
    azureFile: {
      accountName: env_storageVolume.name
      accountKey: env_storageVolume.listKeys().keys[0].value
      shareName: share_media.name
      accessMode: 'ReadWrite'
    }
  }
}

resource storage_media_2_6967860f 'Microsoft.App/managedEnvironments/storages@2026-01-01' = {
  parent: env
  name: 'media-2-6967860f'
  properties: {
    azureFile: {
      accountName: env_storageVolume.name
      accountKey: env_storageVolume.listKeys().keys[0].value
      shareName: share_media_2_6967860f.name
      accessMode: 'ReadWrite'
    }
  }
}

resource storage_data_ro 'Microsoft.App/managedEnvironments/storages@2026-01-01' = {
  parent: env
  name: 'data-ro'
  properties: {
    azureFile: {
      accountName: env_storageVolume.name
      accountKey: env_storageVolume.listKeys().keys[0].value
      shareName: share_data.name
      accessMode: 'ReadOnly'
    }
  }
}

output volumes_api_0 string = storage_data.name

output bindmounts_api_0 string = storage_api_bm0_ro.name

output volumes_api_1 string = storage_media_ro.name

output volumes_media_0 string = storage_media.name

output volumes_media_1 string = storage_media_2_6967860f.name

output volumes_media_2 string = storage_data_ro.name

output AZURE_LOG_ANALYTICS_WORKSPACE_NAME string = env_law.name

output AZURE_LOG_ANALYTICS_WORKSPACE_ID string = env_law.id

output AZURE_CONTAINER_REGISTRY_NAME string = acr.name

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = acr.properties.loginServer

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = env_mi.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_NAME string = env.name

output AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = env.id

output AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = env.properties.defaultDomain
