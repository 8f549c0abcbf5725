@description('Id of the subnet of the hub')
param subnet string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.azurecr.io'
  location: 'global'
  tags: {
    'shipit-resource-name': 'privatelink-azurecr-io'
  }
}

resource spoke_link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'spoke-link'
  location: 'global'
  tags: {
    'shipit-resource-name': 'privatelink-azurecr-io'
  }
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/spoke'
    }
  }
}

resource network_link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'network-link'
  location: 'global'
  tags: {
    'shipit-resource-name': 'privatelink-azurecr-io'
  }
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: split(subnet, '/subnets/')[0]
    }
  }
}

output id string = zone.id

output name string = zone.name
