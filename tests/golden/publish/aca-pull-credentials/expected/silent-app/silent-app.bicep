@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of silent-app.')
param silent_app_containerimage string

resource silent_app 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'silent-app'
  location: location
  tags: {
    'shipit-resource-name': 'silent-app'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
    }
    template: {
      containers: [
        {
          name: 'silent-app'
          image: silent_app_containerimage
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
