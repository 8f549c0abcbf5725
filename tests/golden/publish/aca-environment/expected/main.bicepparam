using 'main.bicep'

param resourceGroupName = 'rg-net'

param logs_group = 'rg-logs'

param subnet = readEnvironmentVariable('Parameters__subnet')
