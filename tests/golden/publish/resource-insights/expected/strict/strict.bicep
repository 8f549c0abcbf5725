@description('The location of the resources.')
param location string = resourceGroup().location

param logs_outputs_loganalyticsworkspaceid string

resource strict 'Microsoft.Insights/components@2020-02-02' = {
  name: take('strict-${uniqueString(resourceGroup().id)}', 260)
  location: location
  kind: 'other'
  properties: {
    Application_Type: 'other'
    DisableLocalAuth: true
    RetentionInDays: 90
    WorkspaceResourceId: logs_outputs_loganalyticsworkspaceid
  }
  tags: {
    'shipit-resource-name': 'strict'
  }
}

output appInsightsConnectionString string = strict.properties.ConnectionString

output name string = strict.name

output id string = strict.id
