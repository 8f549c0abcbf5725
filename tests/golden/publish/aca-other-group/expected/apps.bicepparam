using 'apps.bicep'

param infrastructureDeployment = 'groups'

param group = 'rg-apps'

param api_containerimage = readEnvironmentVariable('API_IMAGE')
