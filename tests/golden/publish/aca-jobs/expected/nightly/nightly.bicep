@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of nightly.')
param nightly_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

@secure()
param key_value string

param env_outputs_volumes_nightly_0 string

resource nightly 'Microsoft.App/jobs@2026-01-01' = {
  name: 'nightly'
  location: location
  tags: {
    'shipit-resource-name': 'nightly'
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
      triggerType: 'Schedule'
      scheduleTriggerConfig: {
        cronExpression: '0 1 * * mon-fri'
        parallelism: 2
        replicaCompletionCount: 2
      }
      replicaTimeout: 600
      replicaRetryLimit: 3
      registries: [
        {
          server: env_outputs_azure_container_registry_endpoint
          identity: env_outputs_azure_container_registry_managed_identity_id
        }
      ]
      secrets: [
        {
          name: 'key'
          value: key_value
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'nightly'
          image: nightly_containerimage
          env: [
            {
              name: 'KEY'
              secretRef: 'key'
            }
          ]
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          volumeMounts: [
            {
              volumeName: 'v0'
              mountPath: '/state'
            }
          ]
        }
      ]
      volumes: [
        {
          name: 'v0'
          storageType: 'AzureFile'
          storageName: env_outputs_volumes_nightly_0
        }
      ]
    }
  }
}
