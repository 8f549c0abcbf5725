@description('The location of the resources.')
param location string = resourceGroup().location

param aca_outputs_azure_container_apps_environment_id string

param net_outputs_data_id string

param old_outputs_shared_id string

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
              name: 'SUBNET'
              value: '${net_outputs_data_id} ${old_outputs_shared_id}'
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
