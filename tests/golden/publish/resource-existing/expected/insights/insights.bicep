resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: 'company-insights'
}

output appInsightsConnectionString string = insights.properties.ConnectionString

output name string = insights.name

output id string = insights.id
