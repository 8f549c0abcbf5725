using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param web_containerimage = readEnvironmentVariable('WEB_IMAGE')
