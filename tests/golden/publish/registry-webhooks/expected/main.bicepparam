using 'main.bicep'

param resourceGroupName = 'rg-shop'

param hook_key = readEnvironmentVariable('Parameters__hook_key')

param hook_url = readEnvironmentVariable('Parameters__hook_url')
