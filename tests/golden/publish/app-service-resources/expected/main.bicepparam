using 'main.bicep'

param resourceGroupName = 'rg-shop'

param api_key = readEnvironmentVariable('Parameters__api_key')
