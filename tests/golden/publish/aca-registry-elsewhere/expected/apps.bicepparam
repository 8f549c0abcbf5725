using 'apps.bicep'

param resourceGroupName = 'rg-elsewhere'

param infrastructureDeployment = 'elsewhere'

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param web_containerimage = readEnvironmentVariable('WEB_IMAGE')
