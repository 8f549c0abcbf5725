@description('The location of the resources.')
param location string = resourceGroup().location

param mailer_identity_outputs_id string

param mailer_identity_outputs_clientid string

param bus_outputs_name string

param env_outputs_azure_container_apps_environment_id string

@description('The image of mailer.')
param mailer_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

param bus_outputs_servicebushostname string

param bus_outputs_servicebusendpoint string

resource mailer 'Microsoft.App/jobs@2026-01-01' = {
  name: 'mailer'
  location: location
  tags: {
    'shipit-resource-name': 'mailer'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${mailer_identity_outputs_id}': {}
      '${env_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    configuration: {
      triggerType: 'Event'
      eventTriggerConfig: {
        scale: {
          rules: [
            {
              name: 'queue'
              type: 'azure-servicebus'
              metadata: {
                namespace: bus_outputs_name
                queueName: 'mails'
                messageCount: '5'
              }
              identity: mailer_identity_outputs_id
            }
          ]
        }
      }
      replicaTimeout: 1800
      registries: [
        {
          server: env_outputs_azure_container_registry_endpoint
          identity: env_outputs_azure_container_registry_managed_identity_id
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'mailer'
          image: mailer_containerimage
          env: [
            {
              name: 'BUS_HOST'
              value: bus_outputs_servicebushostname
            }
            {
              name: 'BUS_URI'
              value: bus_outputs_servicebusendpoint
            }
            {
              name: 'ConnectionStrings__bus'
              value: bus_outputs_servicebusendpoint
            }
            {
              name: 'ConnectionStrings__mails'
              value: 'Endpoint=${bus_outputs_servicebusendpoint};EntityPath=mails'
            }
            {
              name: 'MAILS_QUEUENAME'
              value: 'mails'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: mailer_identity_outputs_clientid
            }
            {
              name: 'AZURE_TOKEN_CREDENTIALS'
              value: 'ManagedIdentityCredential'
            }
          ]
        }
      ]
    }
  }
}
