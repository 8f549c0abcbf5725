@description('The location of the resources.')
param location string = resourceGroup().location

param api_identity_outputs_id string

param api_identity_outputs_clientid string

param aca_outputs_azure_container_apps_environment_id string

param bus_outputs_servicebushostname string

param bus_outputs_servicebusendpoint string

param fast_outputs_servicebusendpoint string

param fast_outputs_servicebushostname string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${api_identity_outputs_id}': {}
    }
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
              name: 'AUDIT_SUBSCRIPTIONNAME'
              value: 'audit'
            }
            {
              name: 'BUS_HOST'
              value: bus_outputs_servicebushostname
            }
            {
              name: 'BUS_URI'
              value: bus_outputs_servicebusendpoint
            }
            {
              name: 'ConnectionStrings__audit'
              value: 'Endpoint=${bus_outputs_servicebusendpoint};EntityPath=events/Subscriptions/audit'
            }
            {
              name: 'ConnectionStrings__bus'
              value: bus_outputs_servicebusendpoint
            }
            {
              name: 'ConnectionStrings__dead'
              value: 'Endpoint=${fast_outputs_servicebusendpoint};EntityPath=dead/letters'
            }
            {
              name: 'ConnectionStrings__events'
              value: 'Endpoint=${bus_outputs_servicebusendpoint};EntityPath=events'
            }
            {
              name: 'ConnectionStrings__fast'
              value: fast_outputs_servicebusendpoint
            }
            {
              name: 'ConnectionStrings__jobs'
              value: 'Endpoint=${fast_outputs_servicebusendpoint};EntityPath=jobs'
            }
            {
              name: 'ConnectionStrings__mail'
              value: 'Endpoint=${fast_outputs_servicebusendpoint};EntityPath=orders/Subscriptions/mailing'
            }
            {
              name: 'ConnectionStrings__mails'
              value: 'Endpoint=${bus_outputs_servicebusendpoint};EntityPath=mails'
            }
            {
              name: 'ConnectionStrings__orders'
              value: 'Endpoint=${fast_outputs_servicebusendpoint};EntityPath=orders'
            }
            {
              name: 'DEAD_QUEUENAME'
              value: 'dead/letters'
            }
            {
              name: 'EVENTS_TOPICNAME'
              value: 'events'
            }
            {
              name: 'FAST_HOST'
              value: fast_outputs_servicebushostname
            }
            {
              name: 'FAST_URI'
              value: fast_outputs_servicebusendpoint
            }
            {
              name: 'JOBS_QUEUENAME'
              value: 'jobs'
            }
            {
              name: 'MAILS_QUEUENAME'
              value: 'mails'
            }
            {
              name: 'MAIL_SUBSCRIPTIONNAME'
              value: 'mailing'
            }
            {
              name: 'ORDERS_TOPICNAME'
              value: 'orders'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: api_identity_outputs_clientid
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
