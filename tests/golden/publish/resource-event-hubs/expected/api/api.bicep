@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param big_outputs_eventhubshostname string

param big_outputs_eventhubsendpoint string

param events_outputs_eventhubsendpoint string

param events_outputs_eventhubshostname string

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
              name: 'BIG_HOST'
              value: big_outputs_eventhubshostname
            }
            {
              name: 'BIG_URI'
              value: big_outputs_eventhubsendpoint
            }
            {
              name: 'CLICKS_EVENTHUBNAME'
              value: 'clicks'
            }
            {
              name: 'ConnectionStrings__big'
              value: big_outputs_eventhubsendpoint
            }
            {
              name: 'ConnectionStrings__clicks'
              value: 'Endpoint=${events_outputs_eventhubsendpoint};EntityPath=clicks'
            }
            {
              name: 'ConnectionStrings__dashboard'
              value: 'Endpoint=${big_outputs_eventhubsendpoint};EntityPath=telemetry.v1;ConsumerGroup=dash.board'
            }
            {
              name: 'ConnectionStrings__events'
              value: events_outputs_eventhubsendpoint
            }
            {
              name: 'ConnectionStrings__telemetry'
              value: 'Endpoint=${big_outputs_eventhubsendpoint};EntityPath=telemetry.v1'
            }
            {
              name: 'DASHBOARD_CONSUMERGROUPNAME'
              value: 'dash.board'
            }
            {
              name: 'EVENTS_HOST'
              value: events_outputs_eventhubshostname
            }
            {
              name: 'EVENTS_URI'
              value: events_outputs_eventhubsendpoint
            }
            {
              name: 'TELEMETRY_EVENTHUBNAME'
              value: 'telemetry.v1'
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
