@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param other_outputs_sqlserverfqdn string

param sql_outputs_sqlserverfqdn string

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
              name: 'ConnectionStrings__free'
              value: 'Server=tcp:${other_outputs_sqlserverfqdn},1433;Encrypt=True;Authentication="Active Directory Default";Database=free'
            }
            {
              name: 'ConnectionStrings__main'
              value: 'Server=tcp:${other_outputs_sqlserverfqdn},1433;Encrypt=True;Authentication="Active Directory Default";Database=main'
            }
            {
              name: 'ConnectionStrings__odd'
              value: 'Server=tcp:${other_outputs_sqlserverfqdn},1433;Encrypt=True;Authentication="Active Directory Default";Database=Odd One'
            }
            {
              name: 'ConnectionStrings__orders'
              value: 'Server=tcp:${sql_outputs_sqlserverfqdn},1433;Encrypt=True;Authentication="Active Directory Default";Database=orders'
            }
            {
              name: 'ConnectionStrings__other'
              value: 'Server=tcp:${other_outputs_sqlserverfqdn},1433;Encrypt=True;Authentication="Active Directory Default"'
            }
            {
              name: 'ConnectionStrings__sql'
              value: 'Server=tcp:${sql_outputs_sqlserverfqdn},1433;Encrypt=True;Authentication="Active Directory Default"'
            }
            {
              name: 'FREE_DATABASENAME'
              value: 'free'
            }
            {
              name: 'FREE_HOST'
              value: other_outputs_sqlserverfqdn
            }
            {
              name: 'FREE_JDBCCONNECTIONSTRING'
              value: 'jdbc:sqlserver://${other_outputs_sqlserverfqdn}:1433;database=free;encrypt=true;trustServerCertificate=false'
            }
            {
              name: 'FREE_PORT'
              value: '1433'
            }
            {
              name: 'FREE_URI'
              value: 'mssql://${other_outputs_sqlserverfqdn}:1433/free'
            }
            {
              name: 'MAIN_DATABASENAME'
              value: 'main'
            }
            {
              name: 'MAIN_HOST'
              value: other_outputs_sqlserverfqdn
            }
            {
              name: 'MAIN_JDBCCONNECTIONSTRING'
              value: 'jdbc:sqlserver://${other_outputs_sqlserverfqdn}:1433;database=main;encrypt=true;trustServerCertificate=false'
            }
            {
              name: 'MAIN_PORT'
              value: '1433'
            }
            {
              name: 'MAIN_URI'
              value: 'mssql://${other_outputs_sqlserverfqdn}:1433/main'
            }
            {
              name: 'ODD_DATABASENAME'
              value: 'Odd One'
            }
            {
              name: 'ODD_HOST'
              value: other_outputs_sqlserverfqdn
            }
            {
              name: 'ODD_JDBCCONNECTIONSTRING'
              value: 'jdbc:sqlserver://${other_outputs_sqlserverfqdn}:1433;database=Odd One;encrypt=true;trustServerCertificate=false'
            }
            {
              name: 'ODD_PORT'
              value: '1433'
            }
            {
              name: 'ODD_URI'
              value: 'mssql://${other_outputs_sqlserverfqdn}:1433/Odd One'
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
              name: 'OTHER_HOST'
              value: other_outputs_sqlserverfqdn
            }
            {
              name: 'OTHER_JDBCCONNECTIONSTRING'
              value: 'jdbc:sqlserver://${other_outputs_sqlserverfqdn}:1433;encrypt=true;trustServerCertificate=false'
            }
            {
              name: 'OTHER_PORT'
              value: '1433'
            }
            {
              name: 'OTHER_URI'
              value: 'mssql://${other_outputs_sqlserverfqdn}:1433'
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
