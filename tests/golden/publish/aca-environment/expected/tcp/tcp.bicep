@description('The location of the resources.')
param location string = resourceGroup().location

param my_internal_environment_outputs_azure_container_apps_environment_id string

@description('The image of tcp.')
param tcp_containerimage string

param my_internal_environment_outputs_azure_container_registry_managed_identity_id string

param my_internal_environment_outputs_azure_container_registry_endpoint string

param my_internal_environment_outputs_azure_container_apps_environment_default_domain string

resource tcp 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'tcp'
  location: location
  tags: {
    'shipit-resource-name': 'tcp'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${my_internal_environment_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    environmentId: my_internal_environment_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 4000
        transport: 'tcp'
      }
      registries: [
        {
          server: my_internal_environment_outputs_azure_container_registry_endpoint
          identity: my_internal_environment_outputs_azure_container_registry_managed_identity_id
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'tcp'
          image: tcp_containerimage
          env: [
            {
              name: 'API_HTTP'
              value: 'http://api:80'
            }
            {
              name: 'API_SECURE'
              value: 'https://api.${my_internal_environment_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'SCHEME'
              value: 'http'
            }
            {
              name: 'SECURE'
              value: 'https://api.${my_internal_environment_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'services__api__http__0'
              value: 'http://api:80'
            }
            {
              name: 'services__api__secure__0'
              value: 'https://api.${my_internal_environment_outputs_azure_container_apps_environment_default_domain}'
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
