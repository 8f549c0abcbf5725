@description('The location of the resources.')
param location string = resourceGroup().location

resource vnet 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: take('vnet-${uniqueString(resourceGroup().id)}', 64)
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
  tags: {
    'shipit-resource-name': 'vnet'
  }
}

resource vnet_apps 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  // checkov:skip=CKV2_AZURE_31:which network security group is right is said in the manifest
  name: 'apps'
  parent: vnet
  properties: {
    addressPrefix: '10.0.0.0/23'
    delegations: [
      {
        name: 'delegation'
        properties: {
          serviceName: 'Microsoft.App/environments'
        }
      }
    ]
  }
}

output apps_Id string = vnet_apps.id

output id string = vnet.id

output name string = vnet.name
