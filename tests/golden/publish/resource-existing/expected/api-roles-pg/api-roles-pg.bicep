param pg_outputs_name string

param principalId string

param principalName string

resource pg 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: pg_outputs_name
}

resource pg_admin 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  name: principalId
  parent: pg
  properties: {
    principalName: principalName
    principalType: 'ServicePrincipal'
  }
}
