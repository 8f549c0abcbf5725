@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of grpc.')
param grpc_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

param env_outputs_azure_container_apps_environment_default_domain string

resource grpc 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'grpc'
  location: location
  tags: {
    'shipit-resource-name': 'grpc'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${env_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: false
        targetPort: 9000
        transport: 'http2'
        allowInsecure: false
      }
      registries: [
        {
          server: env_outputs_azure_container_registry_endpoint
          identity: env_outputs_azure_container_registry_managed_identity_id
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'grpc'
          image: grpc_containerimage
          env: [
            {
              name: 'API_GRPC'
              value: 'grpc://api:8081'
            }
            {
              name: 'API_HTTP'
              value: 'https://api.${env_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'MEDIA_MEDIA'
              value: 'tcp://media:6000'
            }
            {
              name: 'services__api__grpc__0'
              value: 'grpc://api:8081'
            }
            {
              name: 'services__api__http__0'
              value: 'https://api.${env_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'services__media__media__0'
              value: 'tcp://media:6000'
            }
          ]
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
