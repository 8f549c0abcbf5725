@description('The location of the resources.')
param location string = resourceGroup().location

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139:images are pushed and pulled from outside of Azure too
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('acr${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'acr'
  }
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

var purgeOldImagesSteps = 'version: v1.1.0\nsteps:\n- cmd: acr purge --filter \'app1:.*\' --ago 0d --keep 3'

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

var purgeOldImages_1Steps = 'version: v1.1.0\nsteps:\n- cmd: acr purge --filter \'app2:.*\' --filter \'web:^pr-\\d+$\' --ago 30d --keep 10 --untagged'

resource purgeOldImages_1 'Microsoft.ContainerRegistry/registries/tasks@2019-04-01' = {
  parent: acr
  name: 'purgeOldImages_1'
  location: location
  properties: {
    platform: {
      os: 'Linux'
    }
    step: {
      type: 'EncodedTask'
      encodedTaskContent: base64(purgeOldImages_1Steps)
    }
    trigger: {
      timerTriggers: [
        {
          name: 'purgeOldImages_1_trigger'
          schedule: '0 2 * * 0'
        }
      ]
    }
  }
}

var myCustomPurgeSteps = 'version: v1.1.0\nsteps:\n- cmd: acr purge --filter \'.*:.*\' --ago 2d3h6m --keep 3'

resource myCustomPurge 'Microsoft.ContainerRegistry/registries/tasks@2019-04-01' = {
  parent: acr
  name: 'myCustomPurge'
  location: location
  properties: {
    status: 'Disabled'
    platform: {
      os: 'Linux'
    }
    agentConfiguration: {
      cpu: 2
    }
    timeout: 3600
    step: {
      type: 'EncodedTask'
      encodedTaskContent: base64(myCustomPurgeSteps)
    }
    trigger: {
      timerTriggers: [
        {
          name: 'myCustomPurge_trigger'
          schedule: '0 3 * * *'
        }
      ]
    }
  }
}

output name string = acr.name

output loginServer string = acr.properties.loginServer

output id string = acr.id
