@description('The location of the resources.')
param location string = resourceGroup().location

param web_acr_outputs_name string

var tags = {
  'shipit-resource-name': 'web'
}

resource web_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('web_mi-${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: tags
}

resource web_acr 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: web_acr_outputs_name
}

resource web_acr_web_mi_AcrPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(web_acr.id, web_mi.id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d'))
  scope: web_acr
  properties: {
    principalId: web_mi.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}

resource web_asplan 'Microsoft.Web/serverfarms@2025-03-01' = {
  // checkov:skip=CKV_AZURE_225:zones cost a second machine: `zone-redundant` of the environment
  name: 'web-plan-${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'linux'
  tags: tags
  sku: {
    name: 'P0v3'
    tier: 'Premium0V3'
  }
  properties: {
    reserved: true
    perSiteScaling: true
  }
}

output name string = web_asplan.name

output planId string = web_asplan.id

output webSiteSuffix string = uniqueString(resourceGroup().id)

output AZURE_CONTAINER_REGISTRY_NAME string = web_acr.name

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = web_acr.properties.loginServer

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = web_mi.id

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID string = web_mi.properties.clientId
