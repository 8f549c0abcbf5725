@description('The location of the resources.')
param location string = resourceGroup().location

resource cache 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: take('cache-${uniqueString(resourceGroup().id)}', 60)
  location: location
  sku: {
    name: 'Balanced_B0'
  }
  properties: {
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
  tags: {
    'shipit-resource-name': 'cache'
  }
}

resource cache_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  name: 'default'
  parent: cache
  properties: {
    accessKeysAuthentication: 'Disabled'
    clientProtocol: 'Encrypted'
    port: 10000
  }
}

output connectionString string = '${cache.properties.hostName}:10000,ssl=true'

output name string = cache.name

output id string = cache.id

output hostName string = cache.properties.hostName
