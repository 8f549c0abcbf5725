resource shared 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: 'company-vault'
}

output vaultUri string = shared.properties.vaultUri

output name string = shared.name

output id string = shared.id
