@description('The location of the resources.')
param location string = resourceGroup().location

resource telemetry_law 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: take('telemetry-law-${uniqueString(resourceGroup().id)}', 63)
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
  }
  tags: {
    'shipit-resource-name': 'telemetry'
  }
}

resource telemetry 'Microsoft.Insights/components@2020-02-02' = {
  name: take('telemetry-${uniqueString(resourceGroup().id)}', 260)
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: false
    WorkspaceResourceId: telemetry_law.id
  }
  tags: {
    'shipit-resource-name': 'telemetry'
  }
}

output appInsightsConnectionString string = telemetry.properties.ConnectionString

output name string = telemetry.name

output id string = telemetry.id
