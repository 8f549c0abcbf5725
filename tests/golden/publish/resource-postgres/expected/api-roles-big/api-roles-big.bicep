param big_outputs_name string

param principalId string

param principalName string

resource big 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: big_outputs_name
}

resource big_admin 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  name: principalId
  parent: big
  properties: {
    principalName: principalName
    principalType: 'ServicePrincipal'
  }
}
