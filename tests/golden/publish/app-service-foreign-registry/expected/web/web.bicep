@description('The location of the resources.')
param location string = resourceGroup().location

var tags = {
  'shipit-resource-name': 'web'
}

resource web_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('web_mi-${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: tags
}

resource web_asplan 'Microsoft.Web/serverfarms@2025-03-01' = {
  // checkov:skip=CKV_AZURE_225:zones cost a second machine: `zone-redundant` of the environment
  name: 'web-plan-${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'linux'
  tags: tags
  sku: {
    name: 'P0v3'
    tier: 'Premium0V3'
    capacity: 2
  }
  properties: {
    reserved: true
    perSiteScaling: true
  }
}

// What the dashboard reads the application with.
resource web_contributor_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'web-contributor-mi-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
}

resource web_ra 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, web_contributor_mi.id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7'))
  properties: {
    principalId: web_contributor_mi.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

resource web_dashboard 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:browsers have no certificates of their own
  // checkov:skip=CKV_AZURE_222:people open it
  name: 'web-dashboard-${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'app,linux,aspiredashboard'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${web_contributor_mi.id}': {}
    }
  }
  properties: {
    serverFarmId: web_asplan.id
    httpsOnly: true
    siteConfig: {
      linuxFxVersion: 'ASPIREDASHBOARD|1.0'
      acrUseManagedIdentityCreds: true
      acrUserManagedIdentityID: web_mi.properties.clientId
      alwaysOn: true
      ftpsState: 'Disabled'
      http20Enabled: true
      http20ProxyFlag: 1
      minTlsVersion: '1.2'
      numberOfWorkers: 1
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'ALLOWED_MANAGED_IDENTITIES'
          value: web_mi.properties.clientId
        }
        {
          name: 'ASPIRE_ENVIRONMENT_NAME'
          value: 'web'
        }
        {
          name: 'AZURE_CLIENT_ID'
          value: web_contributor_mi.properties.clientId
        }
        {
          name: 'DASHBOARD__FRONTEND__AUTHMODE'
          value: 'Unsecured'
        }
        {
          name: 'DASHBOARD__OTLP__AUTHMODE'
          value: 'Unsecured'
        }
        {
          name: 'DASHBOARD__OTLP__SUPPRESSUNSECUREDTELEMETRYMESSAGE'
          value: 'true'
        }
        {
          name: 'DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE'
          value: 'Unsecured'
        }
        {
          name: 'DASHBOARD__UI__DISABLEIMPORT'
          value: 'true'
        }
        {
          name: 'HTTP20_ONLY_PORT'
          value: '4317'
        }
        {
          name: 'WEBSITES_PORT'
          value: '5000'
        }
        {
          name: 'WEBSITE_START_SCM_WITH_PRELOAD'
          value: 'true'
        }
      ]
    }
  }
}

output name string = web_asplan.name

output planId string = web_asplan.id

output webSiteSuffix string = uniqueString(resourceGroup().id)

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = web_mi.id

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID string = web_mi.properties.clientId

output AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID string = web_contributor_mi.id

output AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID string = web_contributor_mi.properties.principalId

output AZURE_APP_SERVICE_DASHBOARD_URI string = 'https://${web_dashboard.properties.defaultHostName}'
