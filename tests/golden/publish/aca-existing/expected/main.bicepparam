using 'main.bicep'

param resourceGroupName = 'rg-shared'

param group = readEnvironmentVariable('Parameters__group')
