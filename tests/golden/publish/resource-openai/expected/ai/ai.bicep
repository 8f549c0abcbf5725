@description('The location of the resources.')
param location string = resourceGroup().location

resource ai 'Microsoft.CognitiveServices/accounts@2025-09-01' = {
  // checkov:skip=CKV2_AZURE_22:encrypted with keys of Azure; keys of one's own need a vault
  // checkov:skip=CKV_AZURE_134:apps reach it over the public network; only Entra identities with a role are let in
  // checkov:skip=CKV_AZURE_247:which hosts it may call is said in the manifest
  name: take('ai-${uniqueString(resourceGroup().id)}', 64)
  location: location
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    customSubDomainName: take('ai${uniqueString(resourceGroup().id)}', 24)
    disableLocalAuth: true
    networkAcls: {
      defaultAction: 'Allow'
    }
    publicNetworkAccess: 'Enabled'
  }
  tags: {
    'shipit-resource-name': 'ai'
  }
}

resource ai_chat 'Microsoft.CognitiveServices/accounts/deployments@2025-09-01' = {
  name: 'chat'
  parent: ai
  sku: {
    name: 'GlobalStandard'
    capacity: 30
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: 'gpt-4.1-mini'
      version: '2025-04-14'
    }
  }
}

resource ai_embed 'Microsoft.CognitiveServices/accounts/deployments@2025-09-01' = {
  name: 'embedding'
  parent: ai
  sku: {
    name: 'Standard'
    capacity: 8
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: 'text-embedding-3-small'
      version: '1'
    }
  }
  dependsOn: [
    ai_chat
  ]
}

output connectionString string = 'Endpoint=${ai.properties.endpoint}'

output endpoint string = ai.properties.endpoint

output name string = ai.name

output id string = ai.id
