resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: 'company-logs'
}

output logAnalyticsWorkspaceId string = logs.id

output customerId string = logs.properties.customerId

output name string = logs.name
