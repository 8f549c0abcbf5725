@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of many.')
param many_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

resource many 'Microsoft.App/jobs@2026-01-01' = {
  name: 'many'
  location: location
  tags: {
    'shipit-resource-name': 'many'
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
      triggerType: 'Manual'
      manualTriggerConfig: {
        parallelism: 4
      }
      replicaTimeout: 1800
      replicaRetryLimit: 0
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
          name: 'many'
          image: many_containerimage
        }
      ]
    }
  }
}
