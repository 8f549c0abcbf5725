@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('Password of `cache`')
@secure()
param cache_password_value string

resource cache 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'cache'
  location: location
  tags: {
    'shipit-resource-name': 'cache'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: false
        targetPort: 6379
        transport: 'tcp'
      }
      secrets: [
        {
          name: 'redis-password'
          value: cache_password_value
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'cache'
          image: 'docker.io/library/redis:8.6'
          command: [
            '/bin/sh'
          ]
          args: [
            '-c'
            'exec redis-server --requirepass "$REDIS_PASSWORD"'
          ]
          env: [
            {
              name: 'REDIS_PASSWORD'
              secretRef: 'redis-password'
            }
          ]
          probes: [
            {
              type: 'Readiness'
              tcpSocket: {
                port: 6379
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
