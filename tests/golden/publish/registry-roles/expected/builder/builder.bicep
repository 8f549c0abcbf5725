@description('The location of the resources.')
param location string = resourceGroup().location

param builder_identity_outputs_id string

param builder_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

@description('The image of builder.')
param builder_containerimage string

param aca_outputs_azure_container_registry_managed_identity_id string

param aca_outputs_azure_container_registry_endpoint string

resource builder 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'builder'
  location: location
  tags: {
    'shipit-resource-name': 'builder'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${builder_identity_outputs_id}': {}
      '${aca_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    environmentId: aca_outputs_azure_container_apps_environment_id
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [
        {
          server: aca_outputs_azure_container_registry_endpoint
          identity: aca_outputs_azure_container_registry_managed_identity_id
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'builder'
          image: builder_containerimage
          env: [
            {
              name: 'AZURE_CLIENT_ID'
              value: builder_identity_outputs_clientid
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
