using 'main.bicep'

param resourceGroupName = 'rg-gateway'
