@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('Who pulls')
param user_value string

@description('Token with read:packages')
@secure()
param pull_token_value string

resource taken 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'taken'
  location: location
  tags: {
    'shipit-resource-name': 'taken'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [
        {
          server: 'ghcr.io'
          username: user_value
          passwordSecretRef: 'ghcr-password'
        }
      ]
      secrets: [
        {
          name: 'ghcr-password'
          value: pull_token_value
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'taken'
          image: 'ghcr.io/owner/tool:1.2'
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
