@description('The location of the resources.')
param location string = resourceGroup().location

resource closed 'Microsoft.CognitiveServices/accounts@2025-09-01' = {
  // checkov:skip=CKV2_AZURE_22:encrypted with keys of Azure; keys of one's own need a vault
  // checkov:skip=CKV_AZURE_236:the manifest says local-auth = true
  name: take('closed-${uniqueString(resourceGroup().id)}', 64)
  location: location
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    customSubDomainName: take('closed${uniqueString(resourceGroup().id)}', 24)
    disableLocalAuth: false
    networkAcls: {
      defaultAction: 'Deny'
    }
    publicNetworkAccess: 'Disabled'
  }
  tags: {
    'shipit-resource-name': 'closed'
  }
}

output connectionString string = 'Endpoint=${closed.properties.endpoint}'

output endpoint string = closed.properties.endpoint

output name string = closed.name

output id string = closed.id
