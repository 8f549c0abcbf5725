@description('The location of the resources.')
param location string = resourceGroup().location

param web_outputs_planid string

param web_outputs_azure_container_registry_managed_identity_client_id string

@description('The image of chat.')
param chat_containerimage string

param web_outputs_azure_container_registry_managed_identity_id string

param web_outputs_azure_application_insights_instrumentationkey string

param web_outputs_azure_application_insights_connection_string string

param web_outputs_websitesuffix string

param subnet_value string

param web_outputs_azure_app_service_dashboard_uri string

param web_outputs_azure_website_contributor_managed_identity_id string

param web_outputs_azure_website_contributor_managed_identity_principal_id string

param slot_value string

var tags = {
  'shipit-resource-name': 'chat'
  'cost-center': '42'
  team: 'shop'
}

// Made once: what is new goes to the slots, and is swapped from there.
@onlyIfNotExists()
resource webapp 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:browsers have no certificates of their own
  // checkov:skip=CKV_AZURE_222:its endpoint is external
  name: 'chat-${uniqueString(resourceGroup().id)}'
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
    virtualNetworkSubnetId: subnet_value
    siteConfig: {
      linuxFxVersion: 'SITECONTAINERS'
      acrUseManagedIdentityCreds: true
      acrUserManagedIdentityID: web_outputs_azure_container_registry_managed_identity_client_id
      alwaysOn: true
      detailedErrorLoggingEnabled: true
      ftpsState: 'Disabled'
      http20Enabled: true
      http20ProxyFlag: 1
      httpLoggingEnabled: true
      minTlsVersion: '1.2'
      numberOfWorkers: 30
      remoteDebuggingEnabled: false
      requestTracingEnabled: true
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'API_HTTP'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'API_LIVE'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'APPINSIGHTS_INSTRUMENTATIONKEY'
          value: web_outputs_azure_application_insights_instrumentationkey
        }
        {
          name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
          value: web_outputs_azure_application_insights_connection_string
        }
        {
          name: 'ASPIRE_ENVIRONMENT_NAME'
          value: 'web'
        }
        {
          name: 'ApplicationInsightsAgent_EXTENSION_VERSION'
          value: '~3'
        }
        {
          name: 'HTTP20_ONLY_PORT'
          value: '9000'
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
          value: 'chat'
        }
        {
          name: 'WEBSITES_PORT'
          value: '9000'
        }
        {
          name: 'WEBSITE_ENABLE_ASPIRE_OTEL_SIDECAR'
          value: 'true'
        }
        {
          name: 'services__api__http__0'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'services__api__live__0'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
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
    authType: 'UserAssigned'
    image: chat_containerimage
    isMain: true
    targetPort: '9000'
    userManagedIdentityClientId: web_outputs_azure_container_registry_managed_identity_client_id
  }
}

// The dashboard restarts the site and shows its logs.
resource chat_website_ra 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(webapp.id, web_outputs_azure_website_contributor_managed_identity_id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772'))
  scope: webapp
  properties: {
    principalId: web_outputs_azure_website_contributor_managed_identity_principal_id
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772')
  }
}

resource webappslot_1 'Microsoft.Web/sites/slots@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:browsers have no certificates of their own
  // checkov:skip=CKV_AZURE_222:its endpoint is external
  name: slot_value
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
    virtualNetworkSubnetId: subnet_value
    siteConfig: {
      linuxFxVersion: 'SITECONTAINERS'
      acrUseManagedIdentityCreds: true
      acrUserManagedIdentityID: web_outputs_azure_container_registry_managed_identity_client_id
      alwaysOn: true
      detailedErrorLoggingEnabled: true
      ftpsState: 'Disabled'
      http20Enabled: true
      http20ProxyFlag: 1
      httpLoggingEnabled: true
      minTlsVersion: '1.2'
      numberOfWorkers: 30
      remoteDebuggingEnabled: false
      requestTracingEnabled: true
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'API_HTTP'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'API_LIVE'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'APPINSIGHTS_INSTRUMENTATIONKEY'
          value: web_outputs_azure_application_insights_instrumentationkey
        }
        {
          name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
          value: web_outputs_azure_application_insights_connection_string
        }
        {
          name: 'ASPIRE_ENVIRONMENT_NAME'
          value: 'web'
        }
        {
          name: 'ApplicationInsightsAgent_EXTENSION_VERSION'
          value: '~3'
        }
        {
          name: 'HTTP20_ONLY_PORT'
          value: '9000'
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
          value: 'chat-${slot_value}'
        }
        {
          name: 'WEBSITES_PORT'
          value: '9000'
        }
        {
          name: 'WEBSITE_ENABLE_ASPIRE_OTEL_SIDECAR'
          value: 'true'
        }
        {
          name: 'services__api__http__0'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'services__api__live__0'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
      ]
    }
  }
}

resource mainContainerSlot_1 'Microsoft.Web/sites/slots/sitecontainers@2025-03-01' = {
  name: 'main'
  parent: webappslot_1
  properties: {
    authType: 'UserAssigned'
    image: chat_containerimage
    isMain: true
    targetPort: '9000'
    userManagedIdentityClientId: web_outputs_azure_container_registry_managed_identity_client_id
  }
}

// The dashboard restarts the site and shows its logs.
resource chat_website_slot_1_ra 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(webappslot_1.id, web_outputs_azure_website_contributor_managed_identity_id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772'))
  scope: webappslot_1
  properties: {
    principalId: web_outputs_azure_website_contributor_managed_identity_principal_id
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772')
  }
}

resource webappslot_2 'Microsoft.Web/sites/slots@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:browsers have no certificates of their own
  // checkov:skip=CKV_AZURE_222:its endpoint is external
  name: 'canary'
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
    virtualNetworkSubnetId: subnet_value
    siteConfig: {
      linuxFxVersion: 'SITECONTAINERS'
      acrUseManagedIdentityCreds: true
      acrUserManagedIdentityID: web_outputs_azure_container_registry_managed_identity_client_id
      alwaysOn: true
      detailedErrorLoggingEnabled: true
      ftpsState: 'Disabled'
      http20Enabled: true
      http20ProxyFlag: 1
      httpLoggingEnabled: true
      minTlsVersion: '1.2'
      numberOfWorkers: 30
      remoteDebuggingEnabled: false
      requestTracingEnabled: true
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'API_HTTP'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'API_LIVE'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'APPINSIGHTS_INSTRUMENTATIONKEY'
          value: web_outputs_azure_application_insights_instrumentationkey
        }
        {
          name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
          value: web_outputs_azure_application_insights_connection_string
        }
        {
          name: 'ASPIRE_ENVIRONMENT_NAME'
          value: 'web'
        }
        {
          name: 'ApplicationInsightsAgent_EXTENSION_VERSION'
          value: '~3'
        }
        {
          name: 'HTTP20_ONLY_PORT'
          value: '9000'
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
          value: 'chat-canary'
        }
        {
          name: 'WEBSITES_PORT'
          value: '9000'
        }
        {
          name: 'WEBSITE_ENABLE_ASPIRE_OTEL_SIDECAR'
          value: 'true'
        }
        {
          name: 'services__api__http__0'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
        {
          name: 'services__api__live__0'
          value: 'https://api-${web_outputs_websitesuffix}.azurewebsites.net'
        }
      ]
    }
  }
}

resource mainContainerSlot_2 'Microsoft.Web/sites/slots/sitecontainers@2025-03-01' = {
  name: 'main'
  parent: webappslot_2
  properties: {
    authType: 'UserAssigned'
    image: chat_containerimage
    isMain: true
    targetPort: '9000'
    userManagedIdentityClientId: web_outputs_azure_container_registry_managed_identity_client_id
  }
}

// The dashboard restarts the site and shows its logs.
resource chat_website_slot_2_ra 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(webappslot_2.id, web_outputs_azure_website_contributor_managed_identity_id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772'))
  scope: webappslot_2
  properties: {
    principalId: web_outputs_azure_website_contributor_managed_identity_principal_id
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'de139f84-1756-47ae-9be6-808fbbe84772')
  }
}

// The site itself is made once; its network may change.
resource webappNetworkConfig 'Microsoft.Web/sites/networkConfig@2025-03-01' = {
  name: 'virtualNetwork'
  parent: webapp
  properties: {
    subnetResourceId: subnet_value
  }
}

// These stay with the site or the slot when the two are swapped.
resource slotConfigNames 'Microsoft.Web/sites/config@2025-03-01' = {
  name: 'slotConfigNames'
  parent: webapp
  properties: {
    appSettingNames: [
      'API_HTTP'
      'API_LIVE'
      'services__api__http__0'
      'services__api__live__0'
      'OTEL_SERVICE_NAME'
    ]
  }
}
