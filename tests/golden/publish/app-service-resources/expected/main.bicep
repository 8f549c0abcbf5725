// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@secure()
@minLength(1)
param api_key string

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module web_acr 'web-acr/web-acr.bicep' = {
  name: 'web-acr'
  scope: rg
  params: {
    location: location
  }
}

module web 'web/web.bicep' = {
  name: 'web'
  scope: rg
  params: {
    location: location
    web_acr_outputs_name: web_acr.outputs.name
  }
}

module files 'files/files.bicep' = {
  name: 'files'
  scope: rg
  params: {
    location: location
  }
}

module shared 'shared/shared.bicep' = {
  name: 'shared'
  scope: resourceGroup('rg-company')
}

module telemetry 'telemetry/telemetry.bicep' = {
  name: 'telemetry'
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
    api_key: api_key
  }
}

module api_identity 'api-identity/api-identity.bicep' = {
  name: 'api-identity'
  scope: rg
  params: {
    location: location
  }
}

module api_roles_files 'api-roles-files/api-roles-files.bicep' = {
  name: 'api-roles-files'
  scope: rg
  params: {
    files_outputs_name: files.outputs.name
    principalId: api_identity.outputs.principalId
  }
}

module api_roles_shared 'api-roles-shared/api-roles-shared.bicep' = {
  name: 'api-roles-shared'
  scope: resourceGroup('rg-company')
  params: {
    shared_outputs_name: shared.outputs.name
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

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output files_blobEndpoint string = files.outputs.blobEndpoint

output files_queueEndpoint string = files.outputs.queueEndpoint

output files_tableEndpoint string = files.outputs.tableEndpoint

output shared_vaultUri string = shared.outputs.vaultUri

output telemetry_appInsightsConnectionString string = telemetry.outputs.appInsightsConnectionString

output vault_vaultUri string = vault.outputs.vaultUri

output web_AZURE_APP_SERVICE_DASHBOARD_URI string = web.outputs.AZURE_APP_SERVICE_DASHBOARD_URI

output web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID string = web.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID

output web_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = web.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID

output web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID string = web.outputs.AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID

output web_AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID string = web.outputs.AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID

output web_planId string = web.outputs.planId
