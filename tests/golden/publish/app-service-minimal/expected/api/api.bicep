@description('The location of the resources.')
param location string = resourceGroup().location

param web_outputs_planid string

param web_outputs_azure_container_registry_managed_identity_client_id string

@description('The image of api.')
param api_containerimage string

param web_outputs_azure_container_registry_managed_identity_id string

param mode_value string

param web_outputs_azure_app_service_dashboard_uri string

param web_outputs_azure_website_contributor_managed_identity_id string

param web_outputs_azure_website_contributor_managed_identity_principal_id string

var tags = {
  'shipit-resource-name': 'api'
}

resource webapp 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:browsers have no certificates of their own
  // checkov:skip=CKV_AZURE_222:its endpoint is external
  name: 'api-${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'app,linux,container'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${web_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    serverFarmId: web_outputs_planid
    clientAffinityEnabled: false
    httpsOnly: true
    siteConfig: {
      linuxFxVersion: 'SITECONTAINERS'
      acrUseManagedIdentityCreds: true
      acrUserManagedIdentityID: web_outputs_azure_container_registry_managed_identity_client_id
      alwaysOn: true
      detailedErrorLoggingEnabled: true
      ftpsState: 'Disabled'
      http20Enabled: true
      httpLoggingEnabled: true
      minTlsVersion: '1.2'
      numberOfWorkers: 30
      remoteDebuggingEnabled: false
      requestTracingEnabled: true
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'ASPIRE_ENVIRONMENT_NAME'
          value: 'web'
        }
        {
          name: 'GREETING'
          value: 'it\'s \${me}'
        }
        {
          name: 'MODE'
          value: mode_value
        }
        {
          name: 'OTEL_CLIENT_ID'
          value: web_outputs_azure_container_registry_managed_identity_client_id
        }
        {
          name: 'OTEL_COLLECTOR_URL'
          value: web_outputs_azure_app_service_dashboard_uri
        }
        {
          name: 'OTEL_EXPORTER_OTLP_ENDPOINT'
          value: 'http://localhost:6001'
        }
        {
          name: 'OTEL_EXPORTER_OTLP_PROTOCOL'
          value: 'grpc'
        }
        {
          name: 'OTEL_SERVICE_NAME'
          value: 'api'
        }
        {
          name: 'WEBSITES_PORT'
          value: '8080'
        }
        {
          name: 'WEBSITE_ENABLE_ASPIRE_OTEL_SIDECAR'
          value: 'true'
        }
      ]
    }
  }
}

resource mainContainer 'Microsoft.Web/sites/sitecontainers@2025-03-01' = {
  name: 'main'
  parent: webapp
  properties: {
    authType: 'UserAssigned'
    image: api_containerimage
    isMain: true
    targetPort: '8080'
    userManagedIdentityClientId: web_outputs_azure_container_registry_managed_identity_client_id
  }
}

// The dashboard restarts the site and shows its logs.
resource api_website_ra 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(webapp.id, web_outputs_azure_website_contributor_managed_identity_id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772'))
  scope: webapp
  properties: {
    principalId: web_outputs_azure_website_contributor_managed_identity_principal_id
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772')
  }
}

// These stay with the site or the slot when the two are swapped.
resource slotConfigNames 'Microsoft.Web/sites/config@2025-03-01' = {
  name: 'slotConfigNames'
  parent: webapp
  properties: {
    appSettingNames: [
      'OTEL_SERVICE_NAME'
    ]
  }
}
