@description('The location of the resources.')
param location string = resourceGroup().location

resource big 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: take('big-${uniqueString(resourceGroup().id)}', 63)
  location: location
  sku: {
    name: 'Standard_D2ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
    }
    availabilityZone: '2'
    backup: {
      backupRetentionDays: 14
      geoRedundantBackup: 'Enabled'
    }
    highAvailability: {
      mode: 'ZoneRedundant'
    }
    network: {
      publicNetworkAccess: 'Enabled'
    }
    storage: {
      storageSizeGB: 128
    }
    version: '17'
  }
  tags: {
    'shipit-resource-name': 'big'
  }
}

resource big_office 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = {
  name: 'office'
  parent: big
  properties: {
    startIpAddress: '203.0.113.0'
    endIpAddress: '203.0.113.255'
  }
}

resource big_stock 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  name: 'inventory'
  parent: big
}

output connectionString string = 'Host=${big.properties.fullyQualifiedDomainName}'

output name string = big.name

output id string = big.id

output hostName string = big.properties.fullyQualifiedDomainName
