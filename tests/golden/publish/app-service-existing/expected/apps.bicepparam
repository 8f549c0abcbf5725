using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param api_containerimage = readEnvironmentVariable('API_IMAGE')
