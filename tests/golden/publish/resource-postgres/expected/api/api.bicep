@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param login_kept_outputs_hostname string

@secure()
param admin_password_value string

param login_outputs_hostname string

@description('Password of `login`')
@secure()
param login_password_value string

@description('User name of `login`')
param login_username_value string

param vault_outputs_vaulturi string

param login_kv_outputs_vaulturi string

param plain_outputs_connectionstring string

param plain_outputs_hostname string

param big_outputs_hostname string

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
          name: 'audit-password'
          value: admin_password_value
        }
        {
          name: 'audit-uri'
          value: 'postgresql://${uriComponent('owner')}:${uriComponent(admin_password_value)}@${login_kept_outputs_hostname}/audit'
        }
        {
          name: 'bills-password'
          value: login_password_value
        }
        {
          name: 'bills-uri'
          value: 'postgresql://${uriComponent(login_username_value)}:${uriComponent(login_password_value)}@${login_outputs_hostname}/bills'
        }
        {
          name: 'connectionstrings--audit'
          keyVaultUrl: '${vault_outputs_vaulturi}secrets/connectionstrings--audit'
          identity: api_identity_outputs_id
        }
        {
          name: 'connectionstrings--bills'
          keyVaultUrl: '${login_kv_outputs_vaulturi}secrets/connectionstrings--bills'
          identity: api_identity_outputs_id
        }
        {
          name: 'connectionstrings--login'
          keyVaultUrl: '${login_kv_outputs_vaulturi}secrets/connectionstrings--login'
          identity: api_identity_outputs_id
        }
        {
          name: 'connectionstrings--login-kept'
          keyVaultUrl: '${vault_outputs_vaulturi}secrets/connectionstrings--login-kept'
          identity: api_identity_outputs_id
        }
        {
          name: 'login-kept-password'
          value: admin_password_value
        }
        {
          name: 'login-kept-uri'
          value: 'postgresql://${uriComponent('owner')}:${uriComponent(admin_password_value)}@${login_kept_outputs_hostname}'
        }
        {
          name: 'login-password'
          value: login_password_value
        }
        {
          name: 'login-uri'
          value: 'postgresql://${uriComponent(login_username_value)}:${uriComponent(login_password_value)}@${login_outputs_hostname}'
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
              name: 'AUDIT_DATABASENAME'
              value: 'audit'
            }
            {
              name: 'AUDIT_HOST'
              value: login_kept_outputs_hostname
            }
            {
              name: 'AUDIT_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://${login_kept_outputs_hostname}/audit?sslmode=require'
            }
            {
              name: 'AUDIT_PASSWORD'
              secretRef: 'audit-password'
            }
            {
              name: 'AUDIT_PORT'
              value: '5432'
            }
            {
              name: 'AUDIT_URI'
              secretRef: 'audit-uri'
            }
            {
              name: 'AUDIT_USERNAME'
              value: 'owner'
            }
            {
              name: 'BILLS_DATABASENAME'
              value: 'bills'
            }
            {
              name: 'BILLS_HOST'
              value: login_outputs_hostname
            }
            {
              name: 'BILLS_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://${login_outputs_hostname}/bills?sslmode=require'
            }
            {
              name: 'BILLS_PASSWORD'
              secretRef: 'bills-password'
            }
            {
              name: 'BILLS_PORT'
              value: '5432'
            }
            {
              name: 'BILLS_URI'
              secretRef: 'bills-uri'
            }
            {
              name: 'BILLS_USERNAME'
              value: login_username_value
            }
            {
              name: 'ConnectionStrings__audit'
              secretRef: 'connectionstrings--audit'
            }
            {
              name: 'ConnectionStrings__bills'
              secretRef: 'connectionstrings--bills'
            }
            {
              name: 'ConnectionStrings__login'
              secretRef: 'connectionstrings--login'
            }
            {
              name: 'ConnectionStrings__login-kept'
              secretRef: 'connectionstrings--login-kept'
            }
            {
              name: 'ConnectionStrings__orders'
              value: '${plain_outputs_connectionstring};Database=orders'
            }
            {
              name: 'ConnectionStrings__plain'
              value: plain_outputs_connectionstring
            }
            {
              name: 'LOGIN_HOST'
              value: login_outputs_hostname
            }
            {
              name: 'LOGIN_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://${login_outputs_hostname}/?sslmode=require'
            }
            {
              name: 'LOGIN_KEPT_HOST'
              value: login_kept_outputs_hostname
            }
            {
              name: 'LOGIN_KEPT_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://${login_kept_outputs_hostname}/?sslmode=require'
            }
            {
              name: 'LOGIN_KEPT_PASSWORD'
              secretRef: 'login-kept-password'
            }
            {
              name: 'LOGIN_KEPT_PORT'
              value: '5432'
            }
            {
              name: 'LOGIN_KEPT_URI'
              secretRef: 'login-kept-uri'
            }
            {
              name: 'LOGIN_KEPT_USERNAME'
              value: 'owner'
            }
            {
              name: 'LOGIN_PASSWORD'
              secretRef: 'login-password'
            }
            {
              name: 'LOGIN_PORT'
              value: '5432'
            }
            {
              name: 'LOGIN_URI'
              secretRef: 'login-uri'
            }
            {
              name: 'LOGIN_USERNAME'
              value: login_username_value
            }
            {
              name: 'ORDERS_DATABASENAME'
              value: 'orders'
            }
            {
              name: 'ORDERS_HOST'
              value: plain_outputs_hostname
            }
            {
              name: 'ORDERS_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://${plain_outputs_hostname}/orders?sslmode=require&authenticationPluginClassName=com.azure.identity.extensions.jdbc.postgresql.AzurePostgresqlAuthenticationPlugin'
            }
            {
              name: 'ORDERS_PORT'
              value: '5432'
            }
            {
              name: 'ORDERS_URI'
              value: 'postgresql://${plain_outputs_hostname}/orders'
            }
            {
              name: 'PLAIN_HOST'
              value: plain_outputs_hostname
            }
            {
              name: 'PLAIN_JDBCCONNECTIONSTRING'
              value: 'jdbc:postgresql://${plain_outputs_hostname}/?sslmode=require&authenticationPluginClassName=com.azure.identity.extensions.jdbc.postgresql.AzurePostgresqlAuthenticationPlugin'
            }
            {
              name: 'PLAIN_PORT'
              value: '5432'
            }
            {
              name: 'PLAIN_URI'
              value: 'postgresql://${plain_outputs_hostname}'
            }
            {
              name: 'STOCK'
              value: 'postgresql://${big_outputs_hostname}/inventory'
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
