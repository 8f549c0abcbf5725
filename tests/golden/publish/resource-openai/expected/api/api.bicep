@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param ai_outputs_endpoint string

param closed_outputs_endpoint string

param ai_outputs_connectionstring string

param closed_outputs_connectionstring string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${api_identity_outputs_id}': {}
    }
  }
  properties: {
    environmentId: aca_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
    }
    template: {
      containers: [
        {
          name: 'api'
          image: 'docker.io/library/nginx:1.29'
          env: [
            {
              name: 'AI_URI'
              value: ai_outputs_endpoint
            }
            {
              name: 'CHAT_DEPLOYMENTNAME'
              value: 'chat'
            }
            {
              name: 'CHAT_MODELNAME'
              value: 'gpt-4.1-mini'
            }
            {
              name: 'CHAT_URI'
              value: ai_outputs_endpoint
            }
            {
              name: 'CLOSED_URI'
              value: closed_outputs_endpoint
            }
            {
              name: 'ConnectionStrings__ai'
              value: ai_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__chat'
              value: '${ai_outputs_connectionstring};Deployment=chat'
            }
            {
              name: 'ConnectionStrings__closed'
              value: closed_outputs_connectionstring
            }
            {
              name: 'ConnectionStrings__embed'
              value: '${ai_outputs_connectionstring};Deployment=embedding'
            }
            {
              name: 'EMBED_DEPLOYMENTNAME'
              value: 'embedding'
            }
            {
              name: 'EMBED_MODELNAME'
              value: 'text-embedding-3-small'
            }
            {
              name: 'EMBED_URI'
              value: ai_outputs_endpoint
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: api_identity_outputs_clientid
            }
            {
              name: 'AZURE_TOKEN_CREDENTIALS'
              value: 'ManagedIdentityCredential'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
