@description('The location of the resources.')
param location string = resourceGroup().location

param aca_outputs_azure_container_apps_environment_id string

param insights_outputs_appinsightsconnectionstring string

param logs_outputs_customerid string

param logs_outputs_loganalyticsworkspaceid string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
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
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              value: insights_outputs_appinsightsconnectionstring
            }
            {
              name: 'WORKSPACE'
              value: logs_outputs_customerid
            }
            {
              name: 'WORKSPACE_ID'
              value: logs_outputs_loganalyticsworkspaceid
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
