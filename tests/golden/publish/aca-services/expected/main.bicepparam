using 'main.bicep'

param resourceGroupName = 'rg-services'
