resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: 'company-bus'
}

resource bus_mails 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  name: 'mails'
  parent: bus
}

output serviceBusEndpoint string = bus.properties.serviceBusEndpoint

output serviceBusHostName string = split(replace(bus.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

output name string = bus.name

output id string = bus.id
