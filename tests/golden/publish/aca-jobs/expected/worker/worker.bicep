@description('The location of the resources.')
param location string = resourceGroup().location

@secure()
param key_value string

param env_outputs_azure_container_apps_environment_id string

@description('The image of worker.')
param worker_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

resource worker 'Microsoft.App/jobs@2026-01-01' = {
  name: 'worker'
  location: location
  tags: {
    'shipit-resource-name': 'worker'
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
      triggerType: 'Event'
      eventTriggerConfig: {
        scale: {
          minExecutions: 0
          maxExecutions: 10
          pollingInterval: 60
          rules: [
            {
              name: 'rabbit'
              type: 'rabbitmq'
              metadata: {
                mode: 'QueueLength'
                queueName: 'orders'
                value: '20'
              }
              auth: [
                {
                  secretRef: 'rabbit-host'
                  triggerParameter: 'host'
                }
              ]
            }
          ]
        }
      }
      replicaTimeout: 1800
      registries: [
        {
          server: env_outputs_azure_container_registry_endpoint
          identity: env_outputs_azure_container_registry_managed_identity_id
        }
      ]
      secrets: [
        {
          name: 'rabbit-host'
          value: key_value
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'worker'
          image: worker_containerimage
        }
      ]
    }
  }
}
