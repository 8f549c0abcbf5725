@description('The location of the resources.')
param location string = resourceGroup().location

param aca_outputs_azure_container_apps_environment_id string

@description('The image of api.')
param api_containerimage string

@description('Password of `db`')
@secure()
param db_password_value string

param greeting_value string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
  }
  properties: {
    environmentId: aca_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: false
        targetPort: 8080
        transport: 'http'
        allowInsecure: false
      }
      secrets: [
        {
          name: 'connectionstrings--db'
          value: 'Host=db;Port=5432;Username=postgres;Password=${db_password_value}'
        }
        {
          name: 'connectionstrings--orders'
          value: 'Host=db;Port=5432;Username=postgres;Password=${db_password_value};Database=orders'
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
          name: 'orders-password'
          value: db_password_value
        }
        {
          name: 'orders-uri'
          value: 'postgresql://postgres:${uriComponent(db_password_value)}@db:5432/orders'
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
              name: 'ConnectionStrings__db'
              secretRef: 'connectionstrings--db'
            }
            {
              name: 'ConnectionStrings__orders'
              secretRef: 'connectionstrings--orders'
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
              name: 'GREETING'
              value: greeting_value
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
          ]
          probes: [
            {
              type: 'Readiness'
              httpGet: {
                path: '/healthz'
                port: 8080
                scheme: 'HTTP'
              }
              initialDelaySeconds: 5
              periodSeconds: 5
              timeoutSeconds: 1
              failureThreshold: 3
              successThreshold: 1
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
