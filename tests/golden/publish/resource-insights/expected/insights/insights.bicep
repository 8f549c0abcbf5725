@description('The location of the resources.')
param location string = resourceGroup().location

resource insights_law 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: take('insights-law-${uniqueString(resourceGroup().id)}', 63)
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
  }
  tags: {
    'shipit-resource-name': 'insights'
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: take('insights-${uniqueString(resourceGroup().id)}', 260)
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: false
    WorkspaceResourceId: insights_law.id
  }
  tags: {
    'shipit-resource-name': 'insights'
  }
}

output appInsightsConnectionString string = insights.properties.ConnectionString

output name string = insights.name

output id string = insights.id
