resource old 'Microsoft.Network/virtualNetworks@2025-05-01' existing = {
  name: 'hub'
}

resource old_shared 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' existing = {
  name: 'shared'
  parent: old
}

output shared_Id string = old_shared.id

output id string = old.id

output name string = old.name
