@description('The location of the resources.')
param location string = resourceGroup().location

param vault_outputs_name string

@secure()
param admin_password string

resource login_kept 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: take('loginkept-${uniqueString(resourceGroup().id)}', 63)
  location: location
  sku: {
    name: 'Standard_B1ms'
    tier: 'Burstable'
  }
  properties: {
    administratorLogin: 'owner'
    administratorLoginPassword: admin_password
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
    'shipit-resource-name': 'login-kept'
  }
}

resource login_kept_AllowAllAzureIps 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = {
  name: 'AllowAllAzureIps'
  parent: login_kept
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource login_kept_audit 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  name: 'audit'
  parent: login_kept
}

resource login_kept_vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vault_outputs_name
}

resource login_kept_login_kept_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the password and not by time
  name: 'connectionstrings--login-kept'
  parent: login_kept_vault
  properties: {
    contentType: 'connection string'
    value: 'Host=${login_kept.properties.fullyQualifiedDomainName};Username=owner;Password=${admin_password}'
  }
}

resource login_kept_audit_connectionString 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  // checkov:skip=CKV_AZURE_41:it changes with the password and not by time
  name: 'connectionstrings--audit'
  parent: login_kept_vault
  properties: {
    contentType: 'connection string'
    value: 'Host=${login_kept.properties.fullyQualifiedDomainName};Username=owner;Password=${admin_password};Database=audit'
  }
}

output name string = login_kept.name

output id string = login_kept.id

output hostName string = login_kept.properties.fullyQualifiedDomainName
