// The infrastructure of shop: registries, environments, backing services and identities.
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

module other 'other/other.bicep' = {
  name: 'other'
  scope: rg
  params: {
    location: 'westeurope'
  }
}

module sql 'sql/sql.bicep' = {
  name: 'sql'
  scope: rg
  params: {
    location: location
  }
}

module unpaid 'unpaid/unpaid.bicep' = {
  name: 'unpaid'
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

module api_roles_sql 'api-roles-sql/api-roles-sql.bicep' = {
  name: 'api-roles-sql'
  scope: rg
  params: {
    location: location
    sql_outputs_name: sql.outputs.name
    principalName: api_identity.outputs.principalName
    clientId: api_identity.outputs.clientId
    sql_outputs_sqlserveradminname: sql.outputs.sqlServerAdminName
  }
}

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output other_sqlServerFqdn string = other.outputs.sqlServerFqdn

output sql_sqlServerFqdn string = sql.outputs.sqlServerFqdn
