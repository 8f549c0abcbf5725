resource known 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: 'shopregistry'
}

output name string = known.name

output loginServer string = known.properties.loginServer

output id string = known.id
