@description('The location of the resources.')
param location string = resourceGroup().location

param web_outputs_planid string

@description('The image of an-app-with-a-name-that-is-longer-than-azure-likes-it-to-be.')
param an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_containerimage string

param web_outputs_azure_container_registry_managed_identity_id string

param web_outputs_azure_app_service_dashboard_uri string

param web_outputs_azure_container_registry_managed_identity_client_id string

param web_outputs_azure_website_contributor_managed_identity_id string

param web_outputs_azure_website_contributor_managed_identity_principal_id string

var tags = {
  'shipit-resource-name': 'an-app-with-a-name-that-is-longer-than-azure-likes-it-to-be'
}

// Made once: what is new goes to the slots, and is swapped from there.
@onlyIfNotExists()
resource webapp 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:browsers have no certificates of their own
  // checkov:skip=CKV_AZURE_222:its endpoint is external
  name: 'an-app-with-a-name-that-is-longer-tha-863ae9ab-${uniqueString(resourceGroup().id)}'
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
      alwaysOn: true
      detailedErrorLoggingEnabled: true
      ftpsState: 'Disabled'
      http20Enabled: true
      httpLoggingEnabled: true
      minTlsVersion: '1.2'
      numberOfWorkers: 3
      remoteDebuggingEnabled: false
      requestTracingEnabled: true
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'ASPIRE_ENVIRONMENT_NAME'
          value: 'web'
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
          value: 'an-app-with-a-name-that-is-longer-than-azure-likes-it-to-be'
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

@onlyIfNotExists()
resource mainContainer 'Microsoft.Web/sites/sitecontainers@2025-03-01' = {
  name: 'main'
  parent: webapp
  properties: {
    authType: 'Anonymous'
    image: an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_containerimage
    isMain: true
    targetPort: '8080'
  }
}

// The dashboard restarts the site and shows its logs.
resource an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_website_ra 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(webapp.id, web_outputs_azure_website_contributor_managed_identity_id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772'))
  scope: webapp
  properties: {
    principalId: web_outputs_azure_website_contributor_managed_identity_principal_id
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772')
  }
}

resource webappslot 'Microsoft.Web/sites/slots@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:browsers have no certificates of their own
  // checkov:skip=CKV_AZURE_222:its endpoint is external
  name: 'stage'
  parent: webapp
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
      alwaysOn: true
      detailedErrorLoggingEnabled: true
      ftpsState: 'Disabled'
      http20Enabled: true
      httpLoggingEnabled: true
      minTlsVersion: '1.2'
      numberOfWorkers: 3
      remoteDebuggingEnabled: false
      requestTracingEnabled: true
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'ASPIRE_ENVIRONMENT_NAME'
          value: 'web'
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
          value: 'an-app-with-a-name-that-is-longer-than-azure-likes-it-to-be-stage'
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

resource mainContainerSlot 'Microsoft.Web/sites/slots/sitecontainers@2025-03-01' = {
  name: 'main'
  parent: webappslot
  properties: {
    authType: 'Anonymous'
    image: an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_containerimage
    isMain: true
    targetPort: '8080'
  }
}

// The dashboard restarts the site and shows its logs.
resource an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_website_slot_ra 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(webappslot.id, web_outputs_azure_website_contributor_managed_identity_id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772'))
  scope: webappslot
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
