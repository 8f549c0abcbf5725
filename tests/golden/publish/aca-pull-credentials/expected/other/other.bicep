@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

resource other 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'other'
  location: location
  tags: {
    'shipit-resource-name': 'other'
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: false
        targetPort: 80
        transport: 'http'
        allowInsecure: false
      }
    }
    template: {
      containers: [
        {
          name: 'other'
          image: 'docker.io/library/nginx:1.27'
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
