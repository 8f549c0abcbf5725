using 'main.bicep'

param resourceGroupName = 'rg-ghcr'
