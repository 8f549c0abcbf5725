@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('Password of `db`')
@secure()
param db_password_value string

param env_outputs_volumes_db_0 string

resource db 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'db'
  location: location
  tags: {
    'shipit-resource-name': 'db'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: false
        targetPort: 5432
        transport: 'tcp'
      }
      secrets: [
        {
          name: 'postgres-password'
          value: db_password_value
        }
        {
          name: 'file-databases.sql'
          value: 'CREATE DATABASE "stock";\n'
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'db'
          image: 'docker.io/library/postgres:18.3'
          env: [
            {
              name: 'PGDATA'
              value: '/var/lib/postgresql/pgdata'
            }
            {
              name: 'POSTGRES_DB'
              value: 'orders'
            }
            {
              name: 'POSTGRES_HOST_AUTH_METHOD'
              value: 'scram-sha-256'
            }
            {
              name: 'POSTGRES_INITDB_ARGS'
              value: '--auth-host=scram-sha-256 --auth-local=scram-sha-256'
            }
            {
              name: 'POSTGRES_PASSWORD'
              secretRef: 'postgres-password'
            }
            {
              name: 'POSTGRES_USER'
              value: 'postgres'
            }
          ]
          probes: [
            {
              type: 'Readiness'
              tcpSocket: {
                port: 5432
              }
              initialDelaySeconds: 5
              periodSeconds: 5
              timeoutSeconds: 1
              failureThreshold: 3
              successThreshold: 1
            }
          ]
          volumeMounts: [
            {
              volumeName: 'v0'
              mountPath: '/var/lib/postgresql'
            }
            {
              volumeName: 'files'
              mountPath: '/docker-entrypoint-initdb.d/databases.sql'
              subPath: '0-databases.sql'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
      }
      volumes: [
        {
          name: 'v0'
          storageType: 'AzureFile'
          storageName: env_outputs_volumes_db_0
        }
        {
          name: 'files'
          storageType: 'Secret'
          secrets: [
            {
              secretRef: 'file-databases.sql'
              path: '0-databases.sql'
            }
          ]
        }
      ]
    }
  }
}
