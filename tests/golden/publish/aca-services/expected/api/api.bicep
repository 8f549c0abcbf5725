@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of api.')
param api_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

@description('Password of `cache`')
@secure()
param cache_password_value string

@description('Password of `db`')
@secure()
param db_password_value string

param env_outputs_azure_container_apps_environment_default_domain string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
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
      secrets: [
        {
          name: 'cache-password'
          value: cache_password_value
        }
        {
          name: 'cache-uri'
          value: 'redis://:${uriComponent(cache_password_value)}@cache:6379'
        }
        {
          name: 'connectionstrings--cache'
          value: 'cache:6379,password=${cache_password_value}'
        }
        {
          name: 'connectionstrings--db'
          value: 'Host=db;Port=5432;Username=postgres;Password=${db_password_value}'
        }
        {
          name: 'connectionstrings--orders'
          value: 'Host=db;Port=5432;Username=postgres;Password=${db_password_value};Database=orders'
        }
        {
          name: 'connectionstrings--stock'
          value: 'Host=db;Port=5432;Username=postgres;Password=${db_password_value};Database=stock'
        }
        {
          name: 'db-password'
          value: db_password_value
        }
        {
          name: 'db-uri'
          value: 'postgresql://postgres:${uriComponent(db_password_value)}@db:5432'
        }
        {
          name: 'orders'
          value: 'postgresql://postgres:${uriComponent(db_password_value)}@db:5432/orders'
        }
        {
          name: 'orders-password'
          value: db_password_value
        }
        {
          name: 'orders-uri'
          value: 'postgresql://postgres:${uriComponent(db_password_value)}@db:5432/orders'
        }
        {
          name: 'stock-password'
          value: db_password_value
        }
        {
          name: 'stock-uri'
          value: 'postgresql://postgres:${uriComponent(db_password_value)}@db:5432/stock'
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
              name: 'CACHE'
              value: 'cache:6379'
            }
            {
              name: 'CACHE_HOST'
              value: 'cache'
            }
            {
              name: 'CACHE_PASSWORD'
              secretRef: 'cache-password'
            }
            {
              name: 'CACHE_PORT'
              value: '6379'
            }
            {
              name: 'CACHE_URI'
              secretRef: 'cache-uri'
            }
            {
              name: 'ConnectionStrings__cache'
              secretRef: 'connectionstrings--cache'
            }
            {
              name: 'ConnectionStrings__db'
              secretRef: 'connectionstrings--db'
            }
            {
              name: 'ConnectionStrings__orders'
              secretRef: 'connectionstrings--orders'
            }
            {
              name: 'ConnectionStrings__stock'
              secretRef: 'connectionstrings--stock'
            }
            {
              name: 'DB_HOST'
              value: 'db'
            }
            {
              name: 'DB_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://db:5432'
            }
            {
              name: 'DB_PASSWORD'
              secretRef: 'db-password'
            }
            {
              name: 'DB_PORT'
              value: '5432'
            }
            {
              name: 'DB_URI'
              secretRef: 'db-uri'
            }
            {
              name: 'DB_USERNAME'
              value: 'postgres'
            }
            {
              name: 'MAIL'
              value: 'mail:1025'
            }
            {
              name: 'MAIL_HOST'
              value: 'mail.internal.${env_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'MAIL_PORT'
              value: '443'
            }
            {
              name: 'MAIL_URL'
              value: 'https://mail.internal.${env_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'ORDERS'
              secretRef: 'orders'
            }
            {
              name: 'ORDERS_DATABASENAME'
              value: 'orders'
            }
            {
              name: 'ORDERS_HOST'
              value: 'db'
            }
            {
              name: 'ORDERS_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://db:5432/orders'
            }
            {
              name: 'ORDERS_PASSWORD'
              secretRef: 'orders-password'
            }
            {
              name: 'ORDERS_PORT'
              value: '5432'
            }
            {
              name: 'ORDERS_URI'
              secretRef: 'orders-uri'
            }
            {
              name: 'ORDERS_USERNAME'
              value: 'postgres'
            }
            {
              name: 'STOCK_DATABASENAME'
              value: 'stock'
            }
            {
              name: 'STOCK_HOST'
              value: 'db'
            }
            {
              name: 'STOCK_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://db:5432/stock'
            }
            {
              name: 'STOCK_PASSWORD'
              secretRef: 'stock-password'
            }
            {
              name: 'STOCK_PORT'
              value: '5432'
            }
            {
              name: 'STOCK_URI'
              secretRef: 'stock-uri'
            }
            {
              name: 'STOCK_USERNAME'
              value: 'postgres'
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
