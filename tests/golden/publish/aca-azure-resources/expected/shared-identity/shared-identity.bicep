resource shared_identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: 'shared-identity'
}

output id string = shared_identity.id

output clientId string = shared_identity.properties.clientId

output principalId string = shared_identity.properties.principalId

output principalName string = shared_identity.name

output name string = shared_identity.name
