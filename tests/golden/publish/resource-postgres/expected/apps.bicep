// The apps of shop, to be deployed once main.bicep is and the images are pushed.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group of main.bicep.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

@description('The name of the deployment of main.bicep.')
param infrastructureDeployment string = 'shop'

@secure()
@minLength(1)
param admin_password string

@description('Password of `login`')
@secure()
@minLength(1)
param login_password string

@description('User name of `login`')
param login_username string

resource infrastructure 'Microsoft.Resources/deployments@2025-04-01' existing = {
  name: infrastructureDeployment
}

module api 'api/api.bicep' = {
  name: 'api'
  scope: resourceGroup(resourceGroupName)
  params: {
    location: location
    api_identity_outputs_id: infrastructure.properties.outputs.api_identity_id.value
    api_identity_outputs_clientid: infrastructure.properties.outputs.api_identity_clientId.value
    aca_outputs_azure_container_apps_environment_id: infrastructure.properties.outputs.aca_AZURE_CONTAINER_APPS_ENVIRONMENT_ID.value
    login_kept_outputs_hostname: infrastructure.properties.outputs.login_kept_hostName.value
    admin_password_value: admin_password
    login_outputs_hostname: infrastructure.properties.outputs.login_hostName.value
    login_password_value: login_password
    login_username_value: login_username
    vault_outputs_vaulturi: infrastructure.properties.outputs.vault_vaultUri.value
    login_kv_outputs_vaulturi: infrastructure.properties.outputs.login_kv_vaultUri.value
    plain_outputs_connectionstring: infrastructure.properties.outputs.plain_connectionString.value
    plain_outputs_hostname: infrastructure.properties.outputs.plain_hostName.value
    big_outputs_hostname: infrastructure.properties.outputs.big_hostName.value
  }
}
