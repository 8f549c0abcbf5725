using 'main.bicep'

param resourceGroupName = 'rg-warnings'
