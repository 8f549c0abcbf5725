param acr_outputs_name string

param plan string

resource web_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: 'puller'
  scope: resourceGroup('identities')
}

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: acr_outputs_name
}

resource web_asplan 'Microsoft.Web/serverfarms@2025-03-01' existing = {
  name: plan
  scope: resourceGroup('plans')
}

output name string = web_asplan.name

output planId string = web_asplan.id

output webSiteSuffix string = uniqueString(resourceGroup().id)

output location string = web_asplan.location

output AZURE_CONTAINER_REGISTRY_NAME string = acr.name

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = acr.properties.loginServer

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = web_mi.id

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID string = web_mi.properties.clientId
