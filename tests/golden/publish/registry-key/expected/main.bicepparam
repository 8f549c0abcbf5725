using 'main.bicep'

param resourceGroupName = 'rg-shop'

param keys_group = 'rg-keys'

param key = readEnvironmentVariable('Parameters__key')
