@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param cache_outputs_hostname string

param cache_outputs_connectionstring string

param vault_outputs_vaulturi string

param keyed_kv_outputs_vaulturi string

param kept_outputs_hostname string

param keyed_outputs_hostname string

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
          name: 'connectionstrings--kept'
          keyVaultUrl: '${vault_outputs_vaulturi}secrets/connectionstrings--kept'
          identity: api_identity_outputs_id
        }
        {
          name: 'connectionstrings--keyed'
          keyVaultUrl: '${keyed_kv_outputs_vaulturi}secrets/connectionstrings--keyed'
          identity: api_identity_outputs_id
        }
        {
          name: 'kept-password'
          keyVaultUrl: '${vault_outputs_vaulturi}secrets/primaryaccesskey--kept'
          identity: api_identity_outputs_id
        }
        {
          name: 'kept-uri'
          keyVaultUrl: '${vault_outputs_vaulturi}secrets/uri--kept'
          identity: api_identity_outputs_id
        }
        {
          name: 'keyed-password'
          keyVaultUrl: '${keyed_kv_outputs_vaulturi}secrets/primaryaccesskey--keyed'
          identity: api_identity_outputs_id
        }
        {
          name: 'keyed-uri'
          keyVaultUrl: '${keyed_kv_outputs_vaulturi}secrets/uri--keyed'
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
              name: 'CACHE_HOST'
              value: cache_outputs_hostname
            }
            {
              name: 'CACHE_PORT'
              value: '10000'
            }
            {
              name: 'CACHE_URI'
              value: 'rediss://${cache_outputs_hostname}:10000'
            }
            {
              name: 'ConnectionStrings__cache'
              value: cache_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__kept'
              secretRef: 'connectionstrings--kept'
            }
            {
              name: 'ConnectionStrings__keyed'
              secretRef: 'connectionstrings--keyed'
            }
            {
              name: 'KEPT_HOST'
              value: kept_outputs_hostname
            }
            {
              name: 'KEPT_PASSWORD'
              secretRef: 'kept-password'
            }
            {
              name: 'KEPT_PORT'
              value: '10000'
            }
            {
              name: 'KEPT_URI'
              secretRef: 'kept-uri'
            }
            {
              name: 'KEYED_HOST'
              value: keyed_outputs_hostname
            }
            {
              name: 'KEYED_PASSWORD'
              secretRef: 'keyed-password'
            }
            {
              name: 'KEYED_PORT'
              value: '10000'
            }
            {
              name: 'KEYED_URI'
              secretRef: 'keyed-uri'
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
