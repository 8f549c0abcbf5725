param plain_outputs_name string

param principalId string

param principalName string

resource plain 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: plain_outputs_name
}

resource plain_admin 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  name: principalId
  parent: plain
  properties: {
    principalName: principalName
    principalType: 'ServicePrincipal'
  }
}
