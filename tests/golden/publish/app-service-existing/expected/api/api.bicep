param location string

param web_outputs_planid string

param web_outputs_azure_container_registry_managed_identity_client_id string

@description('The image of api.')
param api_containerimage string

param web_outputs_azure_container_registry_managed_identity_id string

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
          name: 'WEBSITES_PORT'
          value: '8080'
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
