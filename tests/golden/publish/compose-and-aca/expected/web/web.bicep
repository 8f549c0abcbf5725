@description('The location of the resources.')
param location string = resourceGroup().location

param aca_outputs_azure_container_apps_environment_id string

@description('The image of web.')
param web_containerimage string

param aca_outputs_azure_container_apps_environment_default_domain string

resource web 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'web'
  location: location
  tags: {
    'shipit-resource-name': 'web'
  }
  properties: {
    environmentId: aca_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 3000
        transport: 'http'
        allowInsecure: false
      }
    }
    template: {
      containers: [
        {
          name: 'web'
          image: web_containerimage
          env: [
            {
              name: 'API'
              value: 'https://api.internal.${aca_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'API_HTTP'
              value: 'https://api.internal.${aca_outputs_azure_container_apps_environment_default_domain}'
            }
            {
              name: 'services__api__http__0'
              value: 'https://api.internal.${aca_outputs_azure_container_apps_environment_default_domain}'
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
