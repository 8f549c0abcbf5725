using 'main.bicep'

param resourceGroupName = 'rg-shop'

param size = 2

param password = readEnvironmentVariable('Parameters__password')
