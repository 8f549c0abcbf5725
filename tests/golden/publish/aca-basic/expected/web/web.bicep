@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of web.')
param web_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

param env_outputs_azure_container_apps_environment_default_domain string

resource web 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'web'
  location: location
  tags: {
    'shipit-resource-name': 'web'
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
        external: true
        targetPort: 3000
        transport: 'http'
        allowInsecure: false
        additionalPortMappings: [
          {
            external: false
            targetPort: 9090
          }
          {
            external: false
            targetPort: 7070
            exposedPort: 7000
          }
        ]
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
          name: 'web'
          image: web_containerimage
          env: [
            {
              name: 'ADMIN'
              value: 'web:7000'
            }
            {
              name: 'API_HOST'
              value: 'api.${env_outputs_azure_container_apps_environment_default_domain}:443'
            }
            {
              name: 'API_HTTP'
              value: 'https://api.${env_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'METRICS'
              value: 'http://web:9090'
            }
            {
              name: 'WHERE'
              value: env_outputs_azure_container_apps_environment_default_domain
            }
            {
              name: 'services__api__http__0'
              value: 'https://api.${env_outputs_azure_container_apps_environment_default_domain}'
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
