@description('The location of the resources.')
param location string = resourceGroup().location

param my_internal_environment_outputs_azure_container_apps_environment_id string

@description('The image of api.')
param api_containerimage string

param my_internal_environment_outputs_azure_container_registry_managed_identity_id string

param my_internal_environment_outputs_azure_container_registry_endpoint string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
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
        targetPort: 8443
        transport: 'http'
        allowInsecure: false
        additionalPortMappings: [
          {
            external: false
            targetPort: 80
          }
        ]
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
