@description('The location of the resources.')
param location string = resourceGroup().location

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  // checkov:skip=CKV_AZURE_139:images are pushed and pulled from outside of Azure too
  // checkov:skip=CKV_AZURE_166:without a scanner that releases them quarantined images cannot be pulled
  // checkov:skip=CKV_AZURE_163:scanning is switched on for the subscription, whatever the tier
  name: take('acr${uniqueString(resourceGroup().id)}', 50)
  location: location
  tags: {
    'shipit-resource-name': 'acr'
  }
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

// Its identity reads the credentials: give it the role Key Vault Secrets User on the vault.
resource cache_hub_all_credentials 'Microsoft.ContainerRegistry/registries/credentialSets@2025-11-01' = {
  parent: acr
  name: 'cache-hub-all'
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    loginServer: 'docker.io'
    authCredentials: [
      {
        name: 'Credential1'
        usernameSecretIdentifier: 'https://shop${environment().suffixes.keyvaultDns}/secrets/hub-user'
        passwordSecretIdentifier: 'https://shop${environment().suffixes.keyvaultDns}/secrets/hub-token'
      }
    ]
  }
}

resource cache_hub_all_rule 'Microsoft.ContainerRegistry/registries/cacheRules@2025-11-01' = {
  parent: acr
  name: 'cache-hub-all'
  properties: {
    sourceRepository: 'docker.io/library/*'
    targetRepository: 'hub/*'
    credentialSetResourceId: cache_hub_all_credentials.id
  }
}

resource dotnet_rule 'Microsoft.ContainerRegistry/registries/cacheRules@2025-11-01' = {
  parent: acr
  name: 'dotnet'
  properties: {
    sourceRepository: 'mcr.microsoft.com/dotnet/aspnet'
    targetRepository: 'dotnet/aspnet'
  }
}

output name string = acr.name

output loginServer string = acr.properties.loginServer

output id string = acr.id

output cache_hub_all_principalId string = cache_hub_all_credentials.identity.principalId
