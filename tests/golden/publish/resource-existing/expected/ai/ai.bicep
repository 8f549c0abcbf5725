resource ai 'Microsoft.CognitiveServices/accounts@2025-09-01' existing = {
  name: 'company-ai'
}

resource ai_chat 'Microsoft.CognitiveServices/accounts/deployments@2025-09-01' = {
  name: 'chat'
  parent: ai
  sku: {
    name: 'Standard'
    capacity: 8
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: 'gpt-4.1-mini'
      version: '2025-04-14'
    }
  }
}

output connectionString string = 'Endpoint=${ai.properties.endpoint}'

output endpoint string = ai.properties.endpoint

output name string = ai.name

output id string = ai.id
