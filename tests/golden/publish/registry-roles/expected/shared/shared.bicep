resource shared 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: 'shopregistry'
}

output name string = shared.name

output loginServer string = shared.properties.loginServer

output id string = shared.id
