using 'main.bicep'

param resourceGroupName = 'rg-shop'

param store_group = readEnvironmentVariable('Parameters__store_group')

param store_subscription = readEnvironmentVariable('Parameters__store_subscription')

param store_name = readEnvironmentVariable('Parameters__store_name')
