@description('The location of the resources.')
param location string = resourceGroup().location

param login_kv_outputs_name string

@description('User name of `login`')
param login_username string

@description('Password of `login`')
@secure()
param login_password string

resource login 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: take('login-${uniqueString(resourceGroup().id)}', 63)
  location: location
  sku: {
    name: 'Standard_B1ms'
    tier: 'Burstable'
  }
  properties: {
    administratorLogin: login_username
    administratorLoginPassword: login_password
    authConfig: {
      activeDirectoryAuth: 'Disabled'
      passwordAuth: 'Enabled'
    }
    availabilityZone: '1'
    backup: {
      backupRetentionDays: 7
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'Disabled'
    }
    storage: {
      storageSizeGB: 32
    }
    version: '16'
  }
  tags: {
    'shipit-resource-name': 'login'
  }
}

resource login_AllowAllAzureIps 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = {
  name: 'AllowAllAzureIps'
  parent: login
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource login_bills 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  name: 'bills'
  parent: login
}

resource login_vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: login_kv_outputs_name
}

resource login_login_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the password and not by time
  name: 'connectionstrings--login'
  parent: login_vault
  properties: {
    contentType: 'connection string'
    value: 'Host=${login.properties.fullyQualifiedDomainName};Username=${login_username};Password=${login_password}'
  }
}

resource login_bills_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the password and not by time
  name: 'connectionstrings--bills'
  parent: login_vault
  properties: {
    contentType: 'connection string'
    value: 'Host=${login.properties.fullyQualifiedDomainName};Username=${login_username};Password=${login_password};Database=bills'
  }
}

output name string = login.name

output id string = login.id

output hostName string = login.properties.fullyQualifiedDomainName
