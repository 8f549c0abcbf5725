@description('The location of the resources.')
param location string = resourceGroup().location

param web_mi_outputs_id string

param acr_outputs_name string

param web_mi_outputs_clientid string

param subnet string

var tags = {
  'shipit-resource-name': 'web'
  'cost-center': '42'
  team: 'shop'
}

resource acr 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: acr_outputs_name
  scope: resourceGroup('11111111-2222-3333-4444-555555555555', 'registries')
}

resource web_asplan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'web-plan-${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'linux'
  tags: tags
  sku: {
    name: 'P1mv3'
    tier: 'PremiumMV3'
    capacity: 3
  }
  properties: {
    reserved: true
    elasticScaleEnabled: true
    maximumElasticWorkerCount: 20
    perSiteScaling: false
    zoneRedundant: true
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
    virtualNetworkSubnetId: subnet
    siteConfig: {
      linuxFxVersion: 'ASPIREDASHBOARD|1.0'
      acrUseManagedIdentityCreds: true
      acrUserManagedIdentityID: web_mi_outputs_clientid
      alwaysOn: true
      ftpsState: 'Disabled'
      http20Enabled: true
      http20ProxyFlag: 1
      minTlsVersion: '1.2'
      numberOfWorkers: 1
      elasticWebAppScaleLimit: 1
      functionAppScaleLimit: 1
      scmMinTlsVersion: '1.2'
      appSettings: [
        {
          name: 'ALLOWED_MANAGED_IDENTITIES'
          value: web_mi_outputs_clientid
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

resource web_law 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'web-law-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
  }
}

resource web_ai 'Microsoft.Insights/components@2020-02-02' = {
  name: 'web-ai-${uniqueString(resourceGroup().id)}'
  location: location
  kind: 'web'
  tags: tags
  properties: {
    Application_Type: 'web'
    IngestionMode: 'LogAnalytics'
    WorkspaceResourceId: web_law.id
  }
}

output name string = web_asplan.name

output planId string = web_asplan.id

output webSiteSuffix string = uniqueString(resourceGroup().id)

output AZURE_CONTAINER_REGISTRY_NAME string = acr.name

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = acr.properties.loginServer

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = web_mi_outputs_id

output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID string = web_mi_outputs_clientid

output AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID string = web_contributor_mi.id

output AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID string = web_contributor_mi.properties.principalId

output AZURE_APP_SERVICE_DASHBOARD_URI string = 'https://${web_dashboard.properties.defaultHostName}'

output AZURE_APPLICATION_INSIGHTS_INSTRUMENTATIONKEY string = web_ai.properties.InstrumentationKey

output AZURE_APPLICATION_INSIGHTS_CONNECTION_STRING string = web_ai.properties.ConnectionString
