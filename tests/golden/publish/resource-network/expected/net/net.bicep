@description('The location of the resources.')
param location string = resourceGroup().location

resource net 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: take('net-${uniqueString(resourceGroup().id)}', 64)
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
  tags: {
    'shipit-resource-name': 'net'
  }
}

resource net_apps 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  // checkov:skip=CKV2_AZURE_31:which network security group is right is said in the manifest
  name: 'apps'
  parent: net
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
    serviceEndpoints: [
      {
        service: 'Microsoft.Storage'
      }
    ]
  }
}

resource net_data 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  // checkov:skip=CKV2_AZURE_31:which network security group is right is said in the manifest
  name: 'data'
  parent: net
  properties: {
    addressPrefix: '10.0.2.0/24'
  }
  dependsOn: [
    net_apps
  ]
}

resource net_odd 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  // checkov:skip=CKV2_AZURE_31:which network security group is right is said in the manifest
  name: 'odd.name'
  parent: net
  properties: {
    addressPrefix: '10.0.3.0/24'
    defaultOutboundAccess: false
    natGateway: {
      id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/natGateways/nat'
    }
    networkSecurityGroup: {
      id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg'
    }
    routeTable: {
      id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/routeTables/rt'
    }
  }
  dependsOn: [
    net_data
  ]
}

output apps_Id string = net_apps.id

output data_Id string = net_data.id

output odd_Id string = net_odd.id

output id string = net.id

output name string = net.name
