@description('The location of the resources.')
param location string = resourceGroup().location

param reader_identity_outputs_id string

param reader_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param cosmos_outputs_connectionstring string

resource reader 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'reader'
  location: location
  tags: {
    'shipit-resource-name': 'reader'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${reader_identity_outputs_id}': {}
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
          name: 'reader'
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
              name: 'ConnectionStrings__prices'
              value: 'AccountEndpoint=${cosmos_outputs_connectionstring};Database=catalog;Container=price-list'
            }
            {
              name: 'ConnectionStrings__products'
              value: 'AccountEndpoint=${cosmos_outputs_connectionstring};Database=catalog;Container=products'
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
              value: reader_identity_outputs_clientid
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
