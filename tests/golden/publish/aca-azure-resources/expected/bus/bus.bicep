@description('The location of the resources.')
param location string = resourceGroup().location

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  // checkov:skip=CKV_AZURE_201:encrypted with keys of Azure; keys of one's own need the tier premium and a vault
  // checkov:skip=CKV_AZURE_199:double encryption needs the tier premium
  // checkov:skip=CKV_AZURE_204:apps reach it over the public network; only Entra identities with a role are let in
  name: take('bus-${uniqueString(resourceGroup().id)}', 50)
  location: location
  sku: {
    name: 'Standard'
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
  tags: {
    'shipit-resource-name': 'bus'
  }
}

resource bus_mails 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  name: 'mails'
  parent: bus
}

output serviceBusEndpoint string = bus.properties.serviceBusEndpoint

output serviceBusHostName string = split(replace(bus.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

output name string = bus.name

output id string = bus.id
