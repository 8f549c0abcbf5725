using 'main.bicep'

param resourceGroupName = 'rg-shop'

param subnet = readEnvironmentVariable('Parameters__subnet')
