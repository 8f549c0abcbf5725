@description('The location of the resources.')
param location string = resourceGroup().location

resource big 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: take('big-${uniqueString(resourceGroup().id)}', 50)
  location: location
  sku: {
    name: 'Premium'
    capacity: 2
  }
  properties: {
    disableLocalAuth: false
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
  }
  tags: {
    'shipit-resource-name': 'big'
  }
}

resource big_telemetry 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  name: 'telemetry.v1'
  parent: big
  properties: {
    partitionCount: 4
    retentionDescription: {
      cleanupPolicy: 'Delete'
      retentionTimeInHours: 240
    }
  }
}

resource big_telemetry_dashboard 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  name: 'dash.board'
  parent: big_telemetry
}

output eventHubsEndpoint string = big.properties.serviceBusEndpoint

output eventHubsHostName string = split(replace(big.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

output name string = big.name

output id string = big.id
