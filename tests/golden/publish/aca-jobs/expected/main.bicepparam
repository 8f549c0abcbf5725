using 'main.bicep'

param resourceGroupName = 'rg-jobs'
