@description('The location of the resources.')
param location string = resourceGroup().location

@description('Reads the repository')
@secure()
param git_token string

param tag string

@secure()
param npm_token string

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139:images are pushed and pulled from outside of Azure too
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('acr${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'acr'
    team: 'shop'
  }
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

resource build_api 'Microsoft.ContainerRegistry/registries/tasks@2025-03-01-preview' = {
  parent: acr
  name: 'build-api'
  location: location
  tags: {
    team: 'shop'
  }
  properties: {
    platform: {
      os: 'Linux'
      architecture: 'arm64'
    }
    agentConfiguration: {
      cpu: 4
    }
    timeout: 1800
    step: {
      type: 'Docker'
      contextPath: 'https://github.com/owner/shop.git#main:api'
      contextAccessToken: git_token
      dockerFilePath: 'Dockerfile.release'
      target: 'final'
      imageNames: [
        'api:{{.Run.ID}}'
        'api:${tag}'
      ]
      isPushEnabled: true
      noCache: true
      arguments: [
        {
          name: 'VERSION'
          value: tag
          isSecret: false
        }
        {
          name: 'NPM_TOKEN'
          value: npm_token
          isSecret: true
        }
      ]
    }
    trigger: {
      sourceTriggers: [
        {
          name: 'build-api_commit'
          sourceTriggerEvents: [
            'commit'
            'pullrequest'
          ]
          sourceRepository: {
            sourceControlType: 'Github'
            repositoryUrl: 'https://github.com/owner/shop.git'
            branch: 'main'
            sourceControlAuthProperties: {
              tokenType: 'PAT'
              token: git_token
            }
          }
        }
      ]
      baseImageTrigger: {
        name: 'build-api_base_image'
        baseImageTriggerType: 'Runtime'
      }
      timerTriggers: [
        {
          name: 'build-api_trigger'
          schedule: '0 4 * * *'
        }
        {
          name: 'build-api_trigger_1'
          schedule: '0 16 * * Mon'
        }
      ]
    }
  }
}

resource on_demand 'Microsoft.ContainerRegistry/registries/tasks@2019-04-01' = {
  parent: acr
  name: 'on-demand'
  location: location
  tags: {
    team: 'shop'
  }
  properties: {
    platform: {
      os: 'Linux'
    }
    step: {
      type: 'Docker'
      contextPath: 'https://github.com/owner/tools.git'
      dockerFilePath: 'Dockerfile'
      imageNames: [
        'tools'
      ]
      isPushEnabled: true
      noCache: false
    }
  }
}

resource nightly 'Microsoft.ContainerRegistry/registries/tasks@2019-04-01' = {
  parent: acr
  name: 'nightly'
  location: location
  tags: {
    team: 'shop'
  }
  properties: {
    status: 'Disabled'
    platform: {
      os: 'Linux'
    }
    step: {
      type: 'Docker'
      contextPath: 'https://dev.azure.com/org/project/_git/shop'
      contextAccessToken: git_token
      dockerFilePath: 'Dockerfile'
      imageNames: [
        'web:nightly'
      ]
      isPushEnabled: false
      noCache: false
    }
    trigger: {
      sourceTriggers: [
        {
          name: 'nightly_commit'
          sourceTriggerEvents: [
            'commit'
          ]
          sourceRepository: {
            sourceControlType: 'VisualStudioTeamService'
            repositoryUrl: 'https://dev.azure.com/org/project/_git/shop'
            branch: 'release'
            sourceControlAuthProperties: {
              tokenType: 'PAT'
              token: git_token
            }
          }
        }
      ]
    }
  }
}

output name string = acr.name

output loginServer string = acr.properties.loginServer

output id string = acr.id
