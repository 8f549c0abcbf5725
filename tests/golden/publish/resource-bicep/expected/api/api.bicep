@description('The location of the resources.')
param location string = resourceGroup().location

param aca_outputs_azure_container_apps_environment_id string

param mine_outputs_total string

param mine_outputs_url string

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
              name: 'COUNT'
              value: mine_outputs_total
            }
            {
              name: 'URL'
              value: mine_outputs_url
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
