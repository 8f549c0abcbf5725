@description('The location of the resources.')
param location string = resourceGroup().location

resource mailer_identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('mailer_identity-${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: {
    'shipit-resource-name': 'mailer'
  }
}

output id string = mailer_identity.id

output clientId string = mailer_identity.properties.clientId

output principalId string = mailer_identity.properties.principalId

output principalName string = mailer_identity.name

output name string = mailer_identity.name
