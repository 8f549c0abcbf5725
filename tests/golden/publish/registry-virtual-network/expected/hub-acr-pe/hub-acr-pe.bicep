@description('The location of the resources.')
param location string = resourceGroup().location

param privatelink_azurecr_io_outputs_name string

param network_outputs_hub_id string

param acr_outputs_id string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: privatelink_azurecr_io_outputs_name
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: 'acr-hub'
  location: location
  tags: {
    'shipit-resource-name': 'hub-acr-pe'
  }
  properties: {
    privateLinkServiceConnections: [
      {
        name: 'hub-acr-pe-connection'
        properties: {
          privateLinkServiceId: acr_outputs_id
          groupIds: [
            'registry'
          ]
        }
      }
    ]
    subnet: {
      id: network_outputs_hub_id
    }
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'privatelink_azurecr_io'
        properties: {
          privateDnsZoneId: zone.id
        }
      }
    ]
  }
}

output id string = endpoint.id

output name string = endpoint.name
