// A module of the user's own.
param account string
param count int
param limit int = 3
param label string = ''
@secure()
param password string
param location string = resourceGroup().location

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'mine-${uniqueString(account, label, password)}'
  location: location
}

output url string = 'https://${account}.example.com/${identity.name}'
output total int = count + limit
