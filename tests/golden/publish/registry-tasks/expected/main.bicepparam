using 'main.bicep'

param resourceGroupName = 'rg-shop'

param git_token = readEnvironmentVariable('Parameters__git_token')

param tag = 'latest'

param npm_token = readEnvironmentVariable('Parameters__npm_token')
