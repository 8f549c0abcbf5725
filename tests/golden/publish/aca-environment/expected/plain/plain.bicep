@description('The location of the resources.')
param location string = resourceGroup().location

param my_internal_environment_outputs_azure_container_apps_environment_id string

@description('The image of plain.')
param plain_containerimage string

param my_internal_environment_outputs_azure_container_registry_managed_identity_id string

param my_internal_environment_outputs_azure_container_registry_endpoint string

param my_internal_environment_outputs_azure_container_apps_environment_default_domain string

resource plain 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'plain'
  location: location
  tags: {
    'shipit-resource-name': 'plain'
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
        external: false
        targetPort: 80
        transport: 'http'
        allowInsecure: true
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
          name: 'plain'
          image: plain_containerimage
          env: [
            {
              name: 'ID'
              value: my_internal_environment_outputs_azure_container_apps_environment_id
            }
            {
              name: 'SELF'
              value: 'http://plain.internal.${my_internal_environment_outputs_azure_container_apps_environment_default_domain}'
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
