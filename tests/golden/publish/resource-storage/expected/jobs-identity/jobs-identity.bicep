@description('The location of the resources.')
param location string = resourceGroup().location

resource jobs_identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('jobs_identity-${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: {
    'shipit-resource-name': 'jobs'
  }
}

output id string = jobs_identity.id

output clientId string = jobs_identity.properties.clientId

output principalId string = jobs_identity.properties.principalId

output principalName string = jobs_identity.name

output name string = jobs_identity.name
