@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of api.')
param api_containerimage string

@description('Who pulls')
param user_value string

@description('Token with read:packages')
@secure()
param pull_token_value string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 8080
        transport: 'http'
        allowInsecure: false
      }
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
          name: 'api'
          image: api_containerimage
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
