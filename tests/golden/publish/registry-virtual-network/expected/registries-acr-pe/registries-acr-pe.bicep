@description('The location of the resources.')
param location string = resourceGroup().location

param privatelink_azurecr_io_outputs_name string

param network_outputs_registries_id string

param acr_outputs_id string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: privatelink_azurecr_io_outputs_name
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: take('registries_acr_pe-${uniqueString(resourceGroup().id)}', 64)
  location: location
  tags: {
    'shipit-resource-name': 'registries-acr-pe'
  }
  properties: {
    privateLinkServiceConnections: [
      {
        name: 'registries-acr-pe-connection'
        properties: {
          privateLinkServiceId: acr_outputs_id
          groupIds: [
            'registry'
          ]
        }
      }
    ]
    subnet: {
      id: network_outputs_registries_id
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
