resource cache 'Microsoft.Cache/redisEnterprise@2025-07-01' existing = {
  name: 'company-cache'
}

resource cache_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' existing = {
  name: 'default'
  parent: cache
}

output connectionString string = '${cache.properties.hostName}:10000,ssl=true'

output name string = cache.name

output id string = cache.id

output hostName string = cache.properties.hostName
