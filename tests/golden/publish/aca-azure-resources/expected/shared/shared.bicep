@description('The location of the resources.')
param location string = resourceGroup().location

param shared_identity_outputs_id string

param shared_identity_outputs_clientid string

param env_outputs_azure_container_apps_environment_id string

@description('The image of shared.')
param shared_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

param store_outputs_queueendpoint string

param store_outputs_blobendpoint string

param store_outputs_tableendpoint string

resource shared 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'shared'
  location: location
  tags: {
    'shipit-resource-name': 'shared'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${shared_identity_outputs_id}': {}
      '${env_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
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
          name: 'shared'
          image: shared_containerimage
          env: [
            {
              name: 'ConnectionStrings__orders'
              value: 'Endpoint=${store_outputs_queueendpoint};QueueName=orders'
            }
            {
              name: 'ConnectionStrings__store'
              value: store_outputs_blobendpoint
            }
            {
              name: 'ORDERS_QUEUENAME'
              value: 'orders'
            }
            {
              name: 'ORDERS_URI'
              value: '${store_outputs_queueendpoint}orders'
            }
            {
              name: 'STORE_BLOBENDPOINT'
              value: store_outputs_blobendpoint
            }
            {
              name: 'STORE_QUEUEENDPOINT'
              value: store_outputs_queueendpoint
            }
            {
              name: 'STORE_TABLEENDPOINT'
              value: store_outputs_tableendpoint
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: shared_identity_outputs_clientid
            }
            {
              name: 'AZURE_TOKEN_CREDENTIALS'
              value: 'ManagedIdentityCredential'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        rules: [
          {
            name: 'blobs'
            custom: {
              type: 'azure-blob'
              metadata: {
                blobContainerName: 'in'
              }
              identity: shared_identity_outputs_id
            }
          }
        ]
      }
    }
  }
}
