@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

resource mail 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'mail'
  location: location
  tags: {
    'shipit-resource-name': 'mail'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: false
        targetPort: 8025
        transport: 'http'
        allowInsecure: false
        additionalPortMappings: [
          {
            external: false
            targetPort: 1025
          }
        ]
      }
    }
    template: {
      containers: [
        {
          name: 'mail'
          image: 'docker.io/axllent/mailpit:v1.20'
          env: [
            {
              name: 'MP_MAX_MESSAGES'
              value: '500'
            }
          ]
          probes: [
            {
              type: 'Readiness'
              tcpSocket: {
                port: 8025
              }
              initialDelaySeconds: 5
              periodSeconds: 5
              timeoutSeconds: 1
              failureThreshold: 3
              successThreshold: 1
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
