param network_outputs_id string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.azurecr.io'
  location: 'global'
  tags: {
    'shipit-resource-name': 'privatelink-azurecr-io'
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
      id: network_outputs_id
    }
  }
}

output id string = zone.id

output name string = zone.name
