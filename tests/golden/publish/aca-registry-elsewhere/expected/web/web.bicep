@description('The location of the resources.')
param location string = resourceGroup().location

param env_outputs_azure_container_apps_environment_id string

@description('The image of web.')
param web_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param other_outputs_loginserver string

resource web 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'web'
  location: location
  tags: {
    'shipit-resource-name': 'web'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${env_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 8080
        transport: 'http'
        allowInsecure: false
      }
      registries: [
        {
          server: other_outputs_loginserver
          identity: env_outputs_azure_container_registry_managed_identity_id
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'web'
          image: web_containerimage
        }
      ]
      scale: {
        minReplicas: 1
      }
    }
  }
}
