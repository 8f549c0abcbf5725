@description('The registry that all teams share')
param registry_name string

resource shared 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: registry_name
}

output name string = shared.name

output loginServer string = shared.properties.loginServer

output id string = shared.id
