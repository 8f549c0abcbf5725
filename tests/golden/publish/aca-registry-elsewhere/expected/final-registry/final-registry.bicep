resource final_registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: 'myacr'
}

output name string = final_registry.name

output loginServer string = final_registry.properties.loginServer

output id string = final_registry.id
