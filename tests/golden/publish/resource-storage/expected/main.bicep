// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param storage_sku string = 'Standard_ZRS'

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

module lake 'lake/lake.bicep' = {
  name: 'lake'
  scope: rg
  params: {
    location: location
  }
}

module plain 'plain/plain.bicep' = {
  name: 'plain'
  scope: rg
  params: {
    location: location
  }
}

module store 'store/store.bicep' = {
  name: 'store'
  scope: rg
  params: {
    location: 'swedencentral'
    storage_sku: storage_sku
  }
}

module api_identity 'api-identity/api-identity.bicep' = {
  name: 'api-identity'
  scope: rg
  params: {
    location: location
  }
}

module api_roles_lake 'api-roles-lake/api-roles-lake.bicep' = {
  name: 'api-roles-lake'
  scope: rg
  params: {
    lake_outputs_name: lake.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_plain 'api-roles-plain/api-roles-plain.bicep' = {
  name: 'api-roles-plain'
  scope: rg
  params: {
    plain_outputs_name: plain.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_store 'api-roles-store/api-roles-store.bicep' = {
  name: 'api-roles-store'
  scope: rg
  params: {
    store_outputs_name: store.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module jobs_identity 'jobs-identity/jobs-identity.bicep' = {
  name: 'jobs-identity'
  scope: rg
  params: {
    location: location
  }
}

module jobs_roles_store 'jobs-roles-store/jobs-roles-store.bicep' = {
  name: 'jobs-roles-store'
  scope: rg
  params: {
    store_outputs_name: store.outputs.name
    principalId: jobs_identity.outputs.principalId
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output jobs_identity_clientId string = jobs_identity.outputs.clientId

output jobs_identity_id string = jobs_identity.outputs.id

output lake_blobEndpoint string = lake.outputs.blobEndpoint

output lake_queueEndpoint string = lake.outputs.queueEndpoint

output lake_tableEndpoint string = lake.outputs.tableEndpoint

output plain_tableEndpoint string = plain.outputs.tableEndpoint

output store_blobEndpoint string = store.outputs.blobEndpoint

output store_fileEndpoint string = store.outputs.fileEndpoint

output store_queueEndpoint string = store.outputs.queueEndpoint

output store_tableEndpoint string = store.outputs.tableEndpoint
