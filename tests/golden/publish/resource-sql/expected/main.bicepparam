using 'main.bicep'

param resourceGroupName = 'rg-shop'
