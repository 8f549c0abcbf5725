using 'main.bicep'

param resourceGroupName = 'rg-shop'

param registry_group = 'rg-shared'

param registry_name = readEnvironmentVariable('Parameters__registry_name')
