@description('The location of the resources.')
param location string = resourceGroup().location

resource fast 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  // checkov:skip=CKV_AZURE_201:encrypted with keys of Azure; keys of one's own need the tier premium and a vault
  // checkov:skip=CKV_AZURE_199:double encryption needs keys of one's own
  // checkov:skip=CKV_AZURE_203:the manifest says local-auth = true
  name: take('fast-${uniqueString(resourceGroup().id)}', 50)
  location: location
  sku: {
    name: 'Premium'
    tier: 'Premium'
    capacity: 2
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    disableLocalAuth: false
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
  }
  tags: {
    'shipit-resource-name': 'fast'
  }
}

resource fast_jobs 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  name: 'jobs'
  parent: fast
  properties: {
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    enablePartitioning: false
    forwardDeadLetteredMessagesTo: 'dead'
    lockDuration: 'PT1M'
    maxDeliveryCount: 5
    maxSizeInMegabytes: 2048
    requiresDuplicateDetection: true
    requiresSession: true
  }
}

resource fast_dead 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  name: 'dead~letters'
  parent: fast
}

resource fast_orders 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  name: 'orders'
  parent: fast
  properties: {
    defaultMessageTimeToLive: 'P1D'
    duplicateDetectionHistoryTimeWindow: 'PT1H'
    enablePartitioning: true
    maxSizeInMegabytes: 1024
    requiresDuplicateDetection: true
  }
}

resource fast_orders_mail 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  name: 'mailing'
  parent: fast_orders
  properties: {
    deadLetteringOnMessageExpiration: false
    defaultMessageTimeToLive: 'PT1H'
    forwardDeadLetteredMessagesTo: 'audit'
    forwardTo: 'audit'
    lockDuration: 'PT30S'
    maxDeliveryCount: 3
    requiresSession: true
  }
}

output serviceBusEndpoint string = fast.properties.serviceBusEndpoint

output serviceBusHostName string = split(replace(fast.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

output name string = fast.name

output id string = fast.id
