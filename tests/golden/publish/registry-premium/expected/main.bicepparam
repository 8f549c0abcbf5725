using 'main.bicep'

param resourceGroupName = 'rg-shop'

param office = readEnvironmentVariable('Parameters__office')

param west = 'westus'
