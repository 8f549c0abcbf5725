@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param queue_value string

param store_outputs_name string

param env_outputs_azure_container_apps_environment_id string

@description('The image of api.')
param api_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

param store_outputs_queueendpoint string

param store_outputs_blobendpoint string

param vault_outputs_vaulturi string

param store_outputs_tableendpoint string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${api_identity_outputs_id}': {}
      '${env_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 8080
        transport: 'http'
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
          name: 'api'
          image: api_containerimage
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
              name: 'ConnectionStrings__vault'
              value: vault_outputs_vaulturi
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
              name: 'VAULT_URI'
              value: vault_outputs_vaulturi
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: api_identity_outputs_clientid
            }
            {
              name: 'AZURE_TOKEN_CREDENTIALS'
              value: 'ManagedIdentityCredential'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 0
        maxReplicas: 5
        rules: [
          {
            name: 'queue'
            azureQueue: {
              accountName: store_outputs_name
              queueName: queue_value
              queueLength: 10
              identity: api_identity_outputs_id
            }
          }
        ]
      }
    }
  }
}
