@description('The location of the resources.')
param location string = resourceGroup().location

resource events 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: take('events-${uniqueString(resourceGroup().id)}', 50)
  location: location
  sku: {
    name: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
  tags: {
    'shipit-resource-name': 'events'
  }
}

resource events_clicks 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  name: 'clicks'
  parent: events
  properties: {
    partitionCount: 1
  }
}

output eventHubsEndpoint string = events.properties.serviceBusEndpoint

output eventHubsHostName string = split(replace(events.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

output name string = events.name

output id string = events.id
