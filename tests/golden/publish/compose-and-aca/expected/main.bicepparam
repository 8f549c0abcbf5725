using 'main.bicep'

param resourceGroupName = 'rg-mirror'
