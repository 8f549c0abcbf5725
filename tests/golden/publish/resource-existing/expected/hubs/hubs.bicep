resource hubs 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: 'company-hubs'
}

output eventHubsEndpoint string = hubs.properties.serviceBusEndpoint

output eventHubsHostName string = split(replace(hubs.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

output name string = hubs.name

output id string = hubs.id
