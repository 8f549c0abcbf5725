@description('The location of the resources.')
param location string = resourceGroup().location

param web_outputs_planid string

param user_value string

@secure()
param token_value string

@description('The image of api.')
param api_containerimage string

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
      numberOfWorkers: 2
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
    authType: 'UserCredentials'
    image: api_containerimage
    isMain: true
    targetPort: '8080'
    userName: user_value
    passwordSecret: token_value
  }
}
