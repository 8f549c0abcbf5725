resource pg 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: 'company-pg'
}

resource pg_AllowAllAzureIps 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = {
  name: 'AllowAllAzureIps'
  parent: pg
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource pg_orders 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  name: 'orders'
  parent: pg
}

output connectionString string = 'Host=${pg.properties.fullyQualifiedDomainName}'

output name string = pg.name

output id string = pg.id

output hostName string = pg.properties.fullyQualifiedDomainName
