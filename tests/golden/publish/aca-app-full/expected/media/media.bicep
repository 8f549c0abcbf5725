@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of media.')
param media_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

param env_outputs_volumes_media_0 string

param env_outputs_volumes_media_1 string

param env_outputs_volumes_media_2 string

resource media 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'media'
  location: location
  tags: {
    'shipit-resource-name': 'media'
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
        targetPort: 5000
        exposedPort: 6000
        transport: 'tcp'
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
          name: 'media'
          image: media_containerimage
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          volumeMounts: [
            {
              volumeName: 'v0'
              mountPath: '/media'
            }
            {
              volumeName: 'v1'
              mountPath: '/media2'
            }
            {
              volumeName: 'v2'
              mountPath: '/data'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        rules: [
          {
            name: 'tcp'
            tcp: {
              metadata: {
                concurrentConnections: '5'
              }
            }
          }
        ]
      }
      volumes: [
        {
          name: 'v0'
          storageType: 'AzureFile'
          storageName: env_outputs_volumes_media_0
        }
        {
          name: 'v1'
          storageType: 'AzureFile'
          storageName: env_outputs_volumes_media_1
        }
        {
          name: 'v2'
          storageType: 'AzureFile'
          storageName: env_outputs_volumes_media_2
        }
      ]
    }
  }
}
