@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param cosmos_outputs_connectionstring string

param keyed_kv_outputs_vaulturi string

param keyed_outputs_endpoint string

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
          name: 'connectionstrings--items'
          keyVaultUrl: '${keyed_kv_outputs_vaulturi}secrets/connectionstrings--items'
          identity: api_identity_outputs_id
        }
        {
          name: 'connectionstrings--keyed'
          keyVaultUrl: '${keyed_kv_outputs_vaulturi}secrets/connectionstrings--keyed'
          identity: api_identity_outputs_id
        }
        {
          name: 'connectionstrings--main'
          keyVaultUrl: '${keyed_kv_outputs_vaulturi}secrets/connectionstrings--main'
          identity: api_identity_outputs_id
        }
        {
          name: 'keyed-accountkey'
          keyVaultUrl: '${keyed_kv_outputs_vaulturi}secrets/primaryaccesskey--keyed'
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
              name: 'CATALOG_DATABASENAME'
              value: 'catalog'
            }
            {
              name: 'CATALOG_URI'
              value: cosmos_outputs_connectionstring
            }
            {
              name: 'COSMOS_URI'
              value: cosmos_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__catalog'
              value: 'AccountEndpoint=${cosmos_outputs_connectionstring};Database=catalog'
            }
            {
              name: 'ConnectionStrings__cosmos'
              value: cosmos_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__items'
              secretRef: 'connectionstrings--items'
            }
            {
              name: 'ConnectionStrings__keyed'
              secretRef: 'connectionstrings--keyed'
            }
            {
              name: 'ConnectionStrings__main'
              secretRef: 'connectionstrings--main'
            }
            {
              name: 'ConnectionStrings__prices'
              value: 'AccountEndpoint=${cosmos_outputs_connectionstring};Database=catalog;Container=price-list'
            }
            {
              name: 'ConnectionStrings__products'
              value: 'AccountEndpoint=${cosmos_outputs_connectionstring};Database=catalog;Container=products'
            }
            {
              name: 'ITEMS_CONTAINERNAME'
              value: 'items'
            }
            {
              name: 'ITEMS_URI'
              value: keyed_outputs_endpoint
            }
            {
              name: 'KEYED_ACCOUNTKEY'
              secretRef: 'keyed-accountkey'
            }
            {
              name: 'KEYED_URI'
              value: keyed_outputs_endpoint
            }
            {
              name: 'MAIN_DATABASENAME'
              value: 'main'
            }
            {
              name: 'MAIN_URI'
              value: keyed_outputs_endpoint
            }
            {
              name: 'PRICES_CONTAINERNAME'
              value: 'price-list'
            }
            {
              name: 'PRICES_URI'
              value: cosmos_outputs_connectionstring
            }
            {
              name: 'PRODUCTS_CONTAINERNAME'
              value: 'products'
            }
            {
              name: 'PRODUCTS_URI'
              value: cosmos_outputs_connectionstring
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
