using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param api_key = readEnvironmentVariable('Parameters__api_key')

param api_containerimage = readEnvironmentVariable('API_IMAGE')
