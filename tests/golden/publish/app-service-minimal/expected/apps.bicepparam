using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param mode = 'fast'

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param site_containerimage = readEnvironmentVariable('SITE_IMAGE')
