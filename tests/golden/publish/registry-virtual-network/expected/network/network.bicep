@description('The location of the resources.')
param location string = resourceGroup().location

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: take('network-${uniqueString(resourceGroup().id)}', 64)
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
  tags: {
    'shipit-resource-name': 'network'
  }
}

resource network_registries 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  // checkov:skip=CKV2_AZURE_31:which network security group is right is said in the manifest
  name: 'registries'
  parent: network
  properties: {
    addressPrefix: '10.0.1.0/24'
  }
}

resource network_hub 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  // checkov:skip=CKV2_AZURE_31:which network security group is right is said in the manifest
  name: 'hub'
  parent: network
  properties: {
    addressPrefix: '10.0.2.0/24'
  }
  dependsOn: [
    network_registries
  ]
}

output registries_Id string = network_registries.id

output hub_Id string = network_hub.id

output id string = network.id

output name string = network.name
