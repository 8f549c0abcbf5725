@description('The location of the resources.')
param location string = resourceGroup().location

param address_space string

resource wide 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: take('wide-${uniqueString(resourceGroup().id)}', 64)
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [
        address_space
        '10.9.0.0/16'
      ]
    }
  }
  tags: {
    'shipit-resource-name': 'wide'
  }
}

resource wide_all 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' = {
  // checkov:skip=CKV2_AZURE_31:which network security group is right is said in the manifest
  name: 'all'
  parent: wide
  properties: {
    addressPrefix: '10.9.0.0/24'
  }
}

output all_Id string = wide_all.id

output id string = wide.id

output name string = wide.name
