@description('The location of the resources.')
param location string = resourceGroup().location

param jobs_identity_outputs_id string

param jobs_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param store_outputs_tableendpoint string

param store_outputs_blobendpoint string

param store_outputs_queueendpoint string

param store_outputs_fileendpoint string

resource jobs 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'jobs'
  location: location
  tags: {
    'shipit-resource-name': 'jobs'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${jobs_identity_outputs_id}': {}
    }
  }
  properties: {
    environmentId: aca_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
    }
    template: {
      containers: [
        {
          name: 'jobs'
          image: 'docker.io/library/nginx:1.29'
          env: [
            {
              name: 'AUDIT_TABLENAME'
              value: 'Audit'
            }
            {
              name: 'AUDIT_URI'
              value: '${store_outputs_tableendpoint}Audit'
            }
            {
              name: 'ConnectionStrings__Audit'
              value: 'Endpoint=${store_outputs_tableendpoint};TableName=Audit'
            }
            {
              name: 'ConnectionStrings__docs'
              value: 'Endpoint=${store_outputs_blobendpoint};ContainerName=documents'
            }
            {
              name: 'ConnectionStrings__images'
              value: 'Endpoint=${store_outputs_blobendpoint};ContainerName=product-images'
            }
            {
              name: 'ConnectionStrings__store'
              value: store_outputs_blobendpoint
            }
            {
              name: 'ConnectionStrings__work'
              value: 'Endpoint=${store_outputs_queueendpoint};QueueName=work'
            }
            {
              name: 'DOCS_BLOBCONTAINERNAME'
              value: 'documents'
            }
            {
              name: 'DOCS_URI'
              value: '${store_outputs_blobendpoint}documents'
            }
            {
              name: 'FILES_SHARENAME'
              value: 'files'
            }
            {
              name: 'FILES_URI'
              value: '${store_outputs_fileendpoint}files'
            }
            {
              name: 'IMAGES_BLOBCONTAINERNAME'
              value: 'product-images'
            }
            {
              name: 'IMAGES_URI'
              value: '${store_outputs_blobendpoint}product-images'
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
              name: 'WORK_QUEUENAME'
              value: 'work'
            }
            {
              name: 'WORK_URI'
              value: '${store_outputs_queueendpoint}work'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: jobs_identity_outputs_clientid
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
      }
    }
  }
}
