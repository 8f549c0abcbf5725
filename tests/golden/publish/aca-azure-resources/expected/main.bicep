// The infrastructure of passwordless: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module env_acr 'env-acr/env-acr.bicep' = {
  name: 'env-acr'
  scope: rg
  params: {
    location: location
  }
}

module logs 'logs/logs.bicep' = {
  name: 'logs'
  scope: rg
  params: {
    location: location
  }
}

module vnet 'vnet/vnet.bicep' = {
  name: 'vnet'
  scope: rg
  params: {
    location: location
  }
}

module env 'env/env.bicep' = {
  name: 'env'
  scope: rg
  params: {
    location: location
    env_acr_outputs_name: env_acr.outputs.name
    logs_outputs_name: logs.outputs.name
    vnet_outputs_apps_id: vnet.outputs.apps_Id
  }
}

module bus 'bus/bus.bicep' = {
  name: 'bus'
  scope: rg
  params: {
    location: location
  }
}

module store 'store/store.bicep' = {
  name: 'store'
  scope: rg
  params: {
    location: location
  }
}

module vault 'vault/vault.bicep' = {
  name: 'vault'
  scope: rg
  params: {
    location: location
  }
}

module api_identity 'api-identity/api-identity.bicep' = {
  name: 'api-identity'
  scope: rg
  params: {
    location: location
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

module api_roles_vault 'api-roles-vault/api-roles-vault.bicep' = {
  name: 'api-roles-vault'
  scope: rg
  params: {
    vault_outputs_name: vault.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module mailer_identity 'mailer-identity/mailer-identity.bicep' = {
  name: 'mailer-identity'
  scope: rg
  params: {
    location: location
  }
}

module mailer_roles_bus 'mailer-roles-bus/mailer-roles-bus.bicep' = {
  name: 'mailer-roles-bus'
  scope: rg
  params: {
    bus_outputs_name: bus.outputs.name
    principalId: mailer_identity.outputs.principalId
  }
}

module shared_identity 'shared-identity/shared-identity.bicep' = {
  name: 'shared-identity'
  scope: resourceGroup('rg-identities')
}

module shared_roles_store 'shared-roles-store/shared-roles-store.bicep' = {
  name: 'shared-roles-store'
  scope: rg
  params: {
    store_outputs_name: store.outputs.name
    principalId: shared_identity.outputs.principalId
  }
}

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output bus_name string = bus.outputs.name

output bus_serviceBusEndpoint string = bus.outputs.serviceBusEndpoint

output bus_serviceBusHostName string = bus.outputs.serviceBusHostName

output env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = env.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output env_AZURE_CONTAINER_REGISTRY_ENDPOINT string = env.outputs.AZURE_CONTAINER_REGISTRY_ENDPOINT

output env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = env.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID

output mailer_identity_clientId string = mailer_identity.outputs.clientId

output mailer_identity_id string = mailer_identity.outputs.id

output shared_identity_clientId string = shared_identity.outputs.clientId

output shared_identity_id string = shared_identity.outputs.id

output store_blobEndpoint string = store.outputs.blobEndpoint

output store_name string = store.outputs.name

output store_queueEndpoint string = store.outputs.queueEndpoint

output store_tableEndpoint string = store.outputs.tableEndpoint

output vault_vaultUri string = vault.outputs.vaultUri
