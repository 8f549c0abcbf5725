using 'apps.bicep'

param resourceGroupName = 'rg-shared'

param infrastructureDeployment = 'shared'

param api_containerimage = readEnvironmentVariable('API_IMAGE')
