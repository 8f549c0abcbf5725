// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param store_group string

param store_subscription string

param store_name string

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module aca_acr 'aca-acr/aca-acr.bicep' = {
  name: 'aca-acr'
  scope: rg
  params: {
    location: location
  }
}

module aca 'aca/aca.bicep' = {
  name: 'aca'
  scope: rg
  params: {
    location: location
    aca_acr_outputs_name: aca_acr.outputs.name
  }
}

module ai 'ai/ai.bicep' = {
  name: 'ai'
  scope: rg
}

module bus 'bus/bus.bicep' = {
  name: 'bus'
  scope: rg
}

module cache 'cache/cache.bicep' = {
  name: 'cache'
  scope: resourceGroup('rg-company')
}

module cosmos 'cosmos/cosmos.bicep' = {
  name: 'cosmos'
  scope: rg
  params: {
    location: location
  }
}

module hubs 'hubs/hubs.bicep' = {
  name: 'hubs'
  scope: resourceGroup('rg-company')
}

module insights 'insights/insights.bicep' = {
  name: 'insights'
  scope: rg
}

module logs 'logs/logs.bicep' = {
  name: 'logs'
  scope: rg
}

module pg 'pg/pg.bicep' = {
  name: 'pg'
  scope: resourceGroup('rg-company')
}

module sql 'sql/sql.bicep' = {
  name: 'sql'
  scope: resourceGroup('rg-company')
  params: {
    location: location
  }
}

module store 'store/store.bicep' = {
  name: 'store'
  scope: resourceGroup(store_subscription, store_group)
  params: {
    store_name: store_name
  }
}

module api_identity 'api-identity/api-identity.bicep' = {
  name: 'api-identity'
  scope: rg
  params: {
    location: location
  }
}

module api_roles_ai 'api-roles-ai/api-roles-ai.bicep' = {
  name: 'api-roles-ai'
  scope: rg
  params: {
    ai_outputs_name: ai.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_bus 'api-roles-bus/api-roles-bus.bicep' = {
  name: 'api-roles-bus'
  scope: rg
  params: {
    bus_outputs_name: bus.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_cache 'api-roles-cache/api-roles-cache.bicep' = {
  name: 'api-roles-cache'
  scope: resourceGroup('rg-company')
  params: {
    cache_outputs_name: cache.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_cosmos 'api-roles-cosmos/api-roles-cosmos.bicep' = {
  name: 'api-roles-cosmos'
  scope: rg
  params: {
    cosmos_outputs_name: cosmos.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_hubs 'api-roles-hubs/api-roles-hubs.bicep' = {
  name: 'api-roles-hubs'
  scope: resourceGroup('rg-company')
  params: {
    hubs_outputs_name: hubs.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_pg 'api-roles-pg/api-roles-pg.bicep' = {
  name: 'api-roles-pg'
  scope: resourceGroup('rg-company')
  params: {
    pg_outputs_name: pg.outputs.name
    principalId: api_identity.outputs.principalId
    principalName: api_identity.outputs.principalName
  }
}

module api_roles_sql 'api-roles-sql/api-roles-sql.bicep' = {
  name: 'api-roles-sql'
  scope: resourceGroup('rg-company')
  params: {
    location: location
    sql_outputs_name: sql.outputs.name
    principalName: api_identity.outputs.principalName
    clientId: api_identity.outputs.clientId
    sql_outputs_sqlserveradminname: sql.outputs.sqlServerAdminName
  }
}

module api_roles_store 'api-roles-store/api-roles-store.bicep' = {
  name: 'api-roles-store'
  scope: resourceGroup(store_subscription, store_group)
  params: {
    store_outputs_name: store.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output ai_connectionString string = ai.outputs.connectionString

output ai_endpoint string = ai.outputs.endpoint

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output bus_serviceBusEndpoint string = bus.outputs.serviceBusEndpoint

output bus_serviceBusHostName string = bus.outputs.serviceBusHostName

output cache_connectionString string = cache.outputs.connectionString

output cache_hostName string = cache.outputs.hostName

output cosmos_connectionString string = cosmos.outputs.connectionString

output hubs_eventHubsEndpoint string = hubs.outputs.eventHubsEndpoint

output hubs_eventHubsHostName string = hubs.outputs.eventHubsHostName

output insights_appInsightsConnectionString string = insights.outputs.appInsightsConnectionString

output pg_connectionString string = pg.outputs.connectionString

output pg_hostName string = pg.outputs.hostName

output sql_sqlServerFqdn string = sql.outputs.sqlServerFqdn

output store_blobEndpoint string = store.outputs.blobEndpoint

output store_queueEndpoint string = store.outputs.queueEndpoint

output store_tableEndpoint string = store.outputs.tableEndpoint
