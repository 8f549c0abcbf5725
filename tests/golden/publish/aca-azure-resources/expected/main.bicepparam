using 'main.bicep'

param resourceGroupName = 'rg-passwordless'
