@description('The location of the resources.')
param location string = resourceGroup().location

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: take('logs-${uniqueString(resourceGroup().id)}', 63)
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
  }
  tags: {
    'shipit-resource-name': 'logs'
  }
}

output logAnalyticsWorkspaceId string = logs.id

output customerId string = logs.properties.customerId

output name string = logs.name
