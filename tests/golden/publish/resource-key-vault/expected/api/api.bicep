@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param vault_outputs_vaulturi string

param shared_outputs_vaulturi string

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
    }
  }
  properties: {
    environmentId: aca_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      secrets: [
        {
          name: 'api-key'
          keyVaultUrl: '${vault_outputs_vaulturi}secrets/api-key'
          identity: api_identity_outputs_id
        }
        {
          name: 'token'
          keyVaultUrl: '${shared_outputs_vaulturi}secrets/token'
          identity: api_identity_outputs_id
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'api'
          image: 'docker.io/library/nginx:1.29'
          env: [
            {
              name: 'API_KEY'
              secretRef: 'api-key'
            }
            {
              name: 'ConnectionStrings__vault'
              value: vault_outputs_vaulturi
            }
            {
              name: 'TOKEN'
              secretRef: 'token'
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
        minReplicas: 1
      }
    }
  }
}
