@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of open.')
param open_containerimage string

resource open 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'open'
  location: location
  tags: {
    'shipit-resource-name': 'open'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
    }
    template: {
      containers: [
        {
          name: 'open'
          image: open_containerimage
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
