@description('The location of the resources.')
param location string = resourceGroup().location

param web_outputs_planid string

param web_outputs_azure_container_registry_managed_identity_client_id string

@description('The image of api.')
param api_containerimage string

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param web_outputs_azure_container_registry_managed_identity_id string

param telemetry_outputs_appinsightsconnectionstring string

param vault_outputs_vaulturi string

@secure()
param api_key_value string

param files_outputs_blobendpoint string

param files_outputs_queueendpoint string

param files_outputs_tableendpoint string

param shared_outputs_vaulturi string

var tags = {
  'shipit-resource-name': 'api'
}

resource webapp 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:browsers have no certificates of their own
  // checkov:skip=CKV_AZURE_222:its endpoint is external
  name: 'api-${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'app,linux,container'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${web_outputs_azure_container_registry_managed_identity_id}': {}
      '${api_identity_outputs_id}': {}
    }
  }
  properties: {
    serverFarmId: web_outputs_planid
    clientAffinityEnabled: false
    httpsOnly: true
    keyVaultReferenceIdentity: api_identity_outputs_id
    siteConfig: {
      linuxFxVersion: 'SITECONTAINERS'
      acrUseManagedIdentityCreds: true
      acrUserManagedIdentityID: web_outputs_azure_container_registry_managed_identity_client_id
      alwaysOn: true
      detailedErrorLoggingEnabled: true
      ftpsState: 'Disabled'
      http20Enabled: true
      httpLoggingEnabled: true
      minTlsVersion: '1.2'
      numberOfWorkers: 30
      remoteDebuggingEnabled: false
      requestTracingEnabled: true
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'API_KEY'
          value: '@Microsoft.KeyVault(SecretUri=${vault_outputs_vaulturi}secrets/api-key)'
        }
        {
          name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
          value: telemetry_outputs_appinsightsconnectionstring
        }
        {
          name: 'AZURE_CLIENT_ID'
          value: api_identity_outputs_clientid
        }
        {
          name: 'AZURE_TOKEN_CREDENTIALS'
          value: 'ManagedIdentityCredential'
        }
        {
          name: 'ApplicationInsightsAgent_EXTENSION_VERSION'
          value: '~3'
        }
        {
          name: 'BEARER'
          value: 'Bearer ${api_key_value}'
        }
        {
          name: 'ConnectionStrings__files'
          value: files_outputs_blobendpoint
        }
        {
          name: 'ConnectionStrings__vault'
          value: vault_outputs_vaulturi
        }
        {
          name: 'FILES_BLOBENDPOINT'
          value: files_outputs_blobendpoint
        }
        {
          name: 'FILES_QUEUEENDPOINT'
          value: files_outputs_queueendpoint
        }
        {
          name: 'FILES_TABLEENDPOINT'
          value: files_outputs_tableendpoint
        }
        {
          name: 'TOKEN'
          value: '@Microsoft.KeyVault(SecretUri=${shared_outputs_vaulturi}secrets/token)'
        }
        {
          name: 'VAULT_URI'
          value: vault_outputs_vaulturi
        }
        {
          name: 'WEBSITES_PORT'
          value: '8080'
        }
      ]
    }
  }
}

resource mainContainer 'Microsoft.Web/sites/sitecontainers@2025-03-01' = {
  name: 'main'
  parent: webapp
  properties: {
    authType: 'UserAssigned'
    image: api_containerimage
    isMain: true
    targetPort: '8080'
    userManagedIdentityClientId: web_outputs_azure_container_registry_managed_identity_client_id
  }
}
