@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of job.')
param job_containerimage string

@description('Who pulls')
param user_value string

@description('Token with read:packages')
@secure()
param pull_token_value string

resource job 'Microsoft.App/jobs@2026-01-01' = {
  name: 'job'
  location: location
  tags: {
    'shipit-resource-name': 'job'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      triggerType: 'Manual'
      replicaTimeout: 1800
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
          name: 'job'
          image: job_containerimage
          env: [
            {
              name: 'GHCR_PASSWORD'
              secretRef: 'ghcr-password'
            }
          ]
        }
      ]
    }
  }
}
