@description('The location of the resources.')
param location string = resourceGroup().location

var tags = {
  'shipit-resource-name': 'web'
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

output name string = web_asplan.name

output planId string = web_asplan.id

output webSiteSuffix string = uniqueString(resourceGroup().id)
