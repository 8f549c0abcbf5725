@description('The location of the resources.')
param location string = resourceGroup().location

resource web_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('web_mi-${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: {
    'shipit-resource-name': 'web'
    'cost-center': '42'
    team: 'shop'
  }
}

output id string = web_mi.id

output clientId string = web_mi.properties.clientId

output principalId string = web_mi.properties.principalId

output principalName string = web_mi.name

output name string = web_mi.name
