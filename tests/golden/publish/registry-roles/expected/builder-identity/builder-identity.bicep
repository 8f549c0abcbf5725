@description('The location of the resources.')
param location string = resourceGroup().location

resource builder_identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('builder_identity-${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: {
    'shipit-resource-name': 'builder'
  }
}

output id string = builder_identity.id

output clientId string = builder_identity.properties.clientId

output principalId string = builder_identity.properties.principalId

output principalName string = builder_identity.name

output name string = builder_identity.name
