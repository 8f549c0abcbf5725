resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: 'shared'
}

output name string = acr.name

output loginServer string = acr.properties.loginServer

output id string = acr.id
