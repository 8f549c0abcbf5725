@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param ai_outputs_endpoint string

param insights_outputs_appinsightsconnectionstring string

param bus_outputs_servicebushostname string

param bus_outputs_servicebusendpoint string

param cache_outputs_hostname string

param cosmos_outputs_connectionstring string

param ai_outputs_connectionstring string

param cache_outputs_connectionstring string

param hubs_outputs_eventhubsendpoint string

param store_outputs_blobendpoint string

param sql_outputs_sqlserverfqdn string

param pg_outputs_connectionstring string

param hubs_outputs_eventhubshostname string

param pg_outputs_hostname string

param store_outputs_queueendpoint string

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
          name: 'api'
          image: 'docker.io/library/nginx:1.29'
          env: [
            {
              name: 'AI_URI'
              value: ai_outputs_endpoint
            }
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              value: insights_outputs_appinsightsconnectionstring
            }
            {
              name: 'BUS_HOST'
              value: bus_outputs_servicebushostname
            }
            {
              name: 'BUS_URI'
              value: bus_outputs_servicebusendpoint
            }
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
              name: 'CHAT_DEPLOYMENTNAME'
              value: 'chat'
            }
            {
              name: 'CHAT_MODELNAME'
              value: 'gpt-4.1-mini'
            }
            {
              name: 'CHAT_URI'
              value: ai_outputs_endpoint
            }
            {
              name: 'COSMOS_URI'
              value: cosmos_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__ai'
              value: ai_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__bus'
              value: bus_outputs_servicebusendpoint
            }
            {
              name: 'ConnectionStrings__cache'
              value: cache_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__chat'
              value: '${ai_outputs_connectionstring};Deployment=chat'
            }
            {
              name: 'ConnectionStrings__cosmos'
              value: cosmos_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__hubs'
              value: hubs_outputs_eventhubsendpoint
            }
            {
              name: 'ConnectionStrings__images'
              value: 'Endpoint=${store_outputs_blobendpoint};ContainerName=images'
            }
            {
              name: 'ConnectionStrings__items'
              value: 'AccountEndpoint=${cosmos_outputs_connectionstring};Database=main;Container=items'
            }
            {
              name: 'ConnectionStrings__mails'
              value: 'Endpoint=${bus_outputs_servicebusendpoint};EntityPath=mails'
            }
            {
              name: 'ConnectionStrings__main'
              value: 'AccountEndpoint=${cosmos_outputs_connectionstring};Database=main'
            }
            {
              name: 'ConnectionStrings__orders'
              value: 'Server=tcp:${sql_outputs_sqlserverfqdn},1433;Encrypt=True;Authentication="Active Directory Default";Database=orders'
            }
            {
              name: 'ConnectionStrings__pg'
              value: pg_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__sql'
              value: 'Server=tcp:${sql_outputs_sqlserverfqdn},1433;Encrypt=True;Authentication="Active Directory Default"'
            }
            {
              name: 'ConnectionStrings__store'
              value: store_outputs_blobendpoint
            }
            {
              name: 'HUBS_HOST'
              value: hubs_outputs_eventhubshostname
            }
            {
              name: 'HUBS_URI'
              value: hubs_outputs_eventhubsendpoint
            }
            {
              name: 'IMAGES_BLOBCONTAINERNAME'
              value: 'images'
            }
            {
              name: 'IMAGES_URI'
              value: '${store_outputs_blobendpoint}images'
            }
            {
              name: 'ITEMS_CONTAINERNAME'
              value: 'items'
            }
            {
              name: 'ITEMS_URI'
              value: cosmos_outputs_connectionstring
            }
            {
              name: 'MAILS_QUEUENAME'
              value: 'mails'
            }
            {
              name: 'MAIN_DATABASENAME'
              value: 'main'
            }
            {
              name: 'MAIN_URI'
              value: cosmos_outputs_connectionstring
            }
            {
              name: 'ORDERS_DATABASENAME'
              value: 'orders'
            }
            {
              name: 'ORDERS_HOST'
              value: sql_outputs_sqlserverfqdn
            }
            {
              name: 'ORDERS_JDBCCONNECTIONSTRING'
              value: 'jdbc:sqlserver://${sql_outputs_sqlserverfqdn}:1433;database=orders;encrypt=true;trustServerCertificate=false'
            }
            {
              name: 'ORDERS_PORT'
              value: '1433'
            }
            {
              name: 'ORDERS_URI'
              value: 'mssql://${sql_outputs_sqlserverfqdn}:1433/orders'
            }
            {
              name: 'PG_HOST'
              value: pg_outputs_hostname
            }
            {
              name: 'PG_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://${pg_outputs_hostname}/?sslmode=require&authenticationPluginClassName=com.azure.identity.extensions.jdbc.postgresql.AzurePostgresqlAuthenticationPlugin'
            }
            {
              name: 'PG_PORT'
              value: '5432'
            }
            {
              name: 'PG_URI'
              value: 'postgresql://${pg_outputs_hostname}'
            }
            {
              name: 'SQL_HOST'
              value: sql_outputs_sqlserverfqdn
            }
            {
              name: 'SQL_JDBCCONNECTIONSTRING'
              value: 'jdbc:sqlserver://${sql_outputs_sqlserverfqdn}:1433;encrypt=true;trustServerCertificate=false'
            }
            {
              name: 'SQL_PORT'
              value: '1433'
            }
            {
              name: 'SQL_URI'
              value: 'mssql://${sql_outputs_sqlserverfqdn}:1433'
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
