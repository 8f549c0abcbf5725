@description('The location of the resources.')
param location string = resourceGroup().location

resource plain 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: take('plain-${uniqueString(resourceGroup().id)}', 63)
  location: location
  sku: {
    name: 'Standard_B1ms'
    tier: 'Burstable'
  }
  properties: {
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
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
    'shipit-resource-name': 'plain'
  }
}

resource plain_AllowAllAzureIps 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = {
  name: 'AllowAllAzureIps'
  parent: plain
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource plain_orders 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  name: 'orders'
  parent: plain
}

output connectionString string = 'Host=${plain.properties.fullyQualifiedDomainName}'

output name string = plain.name

output id string = plain.id

output hostName string = plain.properties.fullyQualifiedDomainName
