using 'main.bicep'

param resourceGroupName = 'rg-elsewhere'
