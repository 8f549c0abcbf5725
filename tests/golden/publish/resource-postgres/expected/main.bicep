// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('User name of `login`')
param login_username string

@description('Password of `login`')
@secure()
@minLength(1)
param login_password string

@secure()
@minLength(1)
param admin_password string

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

module big 'big/big.bicep' = {
  name: 'big'
  scope: rg
  params: {
    location: location
  }
}

module login_kv 'login-kv/login-kv.bicep' = {
  name: 'login-kv'
  scope: rg
  params: {
    location: location
  }
}

module login 'login/login.bicep' = {
  name: 'login'
  scope: rg
  params: {
    location: location
    login_kv_outputs_name: login_kv.outputs.name
    login_username: login_username
    login_password: login_password
  }
}

module vault 'vault/vault.bicep' = {
  name: 'vault'
  scope: rg
  params: {
    location: location
  }
}

module login_kept 'login-kept/login-kept.bicep' = {
  name: 'login-kept'
  scope: rg
  params: {
    location: location
    vault_outputs_name: vault.outputs.name
    admin_password: admin_password
  }
}

module plain 'plain/plain.bicep' = {
  name: 'plain'
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

module api_roles_big 'api-roles-big/api-roles-big.bicep' = {
  name: 'api-roles-big'
  scope: rg
  params: {
    big_outputs_name: big.outputs.name
    principalId: api_identity.outputs.principalId
    principalName: api_identity.outputs.principalName
  }
}

module api_roles_plain 'api-roles-plain/api-roles-plain.bicep' = {
  name: 'api-roles-plain'
  scope: rg
  params: {
    plain_outputs_name: plain.outputs.name
    principalId: api_identity.outputs.principalId
    principalName: api_identity.outputs.principalName
  }
}

module api_roles_login_kv 'api-roles-login-kv/api-roles-login-kv.bicep' = {
  name: 'api-roles-login-kv'
  scope: rg
  params: {
    login_kv_outputs_name: login_kv.outputs.name
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

output aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = aca.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output api_identity_clientId string = api_identity.outputs.clientId

output api_identity_id string = api_identity.outputs.id

output big_hostName string = big.outputs.hostName

output login_hostName string = login.outputs.hostName

output login_kept_hostName string = login_kept.outputs.hostName

output login_kv_vaultUri string = login_kv.outputs.vaultUri

output plain_connectionString string = plain.outputs.connectionString

output plain_hostName string = plain.outputs.hostName

output vault_vaultUri string = vault.outputs.vaultUri
