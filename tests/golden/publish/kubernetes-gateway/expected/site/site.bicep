@description('The location of the resources.')
param location string = resourceGroup().location

param aca_outputs_azure_container_apps_environment_id string

resource site 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'site'
  location: location
  tags: {
    'shipit-resource-name': 'site'
  }
  properties: {
    environmentId: aca_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 80
        transport: 'http'
        allowInsecure: false
      }
    }
    template: {
      containers: [
        {
          name: 'site'
          image: 'ghcr.io/acme/site:1'
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
