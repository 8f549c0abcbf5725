@description('The location of the resources.')
param location string = resourceGroup().location

@description('Addresses of the office')
param office string

param west string

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139:images are pushed and pulled from outside of Azure too
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('acr${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'mine'
  }
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    dataEndpointEnabled: true
    networkRuleBypassOptions: 'None'
    networkRuleSet: {
      defaultAction: 'Deny'
      ipRules: [
        {
          action: 'Allow'
          value: '203.0.113.0/24'
        }
        {
          action: 'Allow'
          value: office
        }
      ]
    }
    // Else its own tasks could not reach it.
    networkRuleBypassAllowedForTasks: true
    zoneRedundancy: 'Enabled'
    policies: {
      quarantinePolicy: {
        status: 'enabled'
      }
      retentionPolicy: {
        days: 30
        status: 'enabled'
      }
      exportPolicy: {
        status: 'enabled'
      }
    }
  }
}

resource westusReplication 'Microsoft.ContainerRegistry/registries/replications@2025-11-01' = {
  parent: acr
  name: 'westus'
  location: 'West US'
  tags: {
    'shipit-resource-name': 'mine'
  }
  properties: {
    regionEndpointEnabled: false
    zoneRedundancy: 'Enabled'
  }
}

resource canadacentralReplication 'Microsoft.ContainerRegistry/registries/replications@2025-11-01' = {
  parent: acr
  name: 'canadacentral'
  location: 'canadacentral'
  tags: {
    'shipit-resource-name': 'mine'
  }
  properties: {
    zoneRedundancy: 'Disabled'
  }
}

resource replication3 'Microsoft.ContainerRegistry/registries/replications@2025-11-01' = {
  parent: acr
  name: toLower(replace('${west}2', ' ', ''))
  location: '${west}2'
  tags: {
    'shipit-resource-name': 'mine'
  }
}

var purgeOldImagesSteps = 'version: v1.1.0\nsteps:\n- cmd: acr purge --filter \'.*:.*\' --ago 7d --keep 5'

resource purgeOldImages 'Microsoft.ContainerRegistry/registries/tasks@2019-04-01' = {
  parent: acr
  name: 'purgeOldImages'
  location: location
  tags: {
    'shipit-resource-name': 'mine'
  }
  properties: {
    platform: {
      os: 'Linux'
    }
    step: {
      type: 'EncodedTask'
      encodedTaskContent: base64(purgeOldImagesSteps)
    }
    trigger: {
      timerTriggers: [
        {
          name: 'purgeOldImages_trigger'
          schedule: '0 1 * * *'
        }
      ]
    }
  }
}

output name string = acr.name

output loginServer string = acr.properties.loginServer

output id string = acr.id
