@description('The location of the resources.')
param location string = resourceGroup().location

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('acr${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'acr'
  }
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: 'Disabled'
    // Else its own tasks could not reach it.
    networkRuleBypassAllowedForTasks: true
    policies: {
      exportPolicy: {
        status: 'disabled'
      }
    }
  }
}

var purgeOldImagesSteps = 'version: v1.1.0\nsteps:\n- cmd: acr purge --filter \'.*:.*\' --ago 0d --keep 3'

resource purgeOldImages 'Microsoft.ContainerRegistry/registries/tasks@2019-04-01' = {
  parent: acr
  name: 'purgeOldImages'
  location: location
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
