using 'apps.bicep'

param resourceGroupName = 'rg-services'

param infrastructureDeployment = 'services'

param cache_password = readEnvironmentVariable('Parameters__cache_password')

param db_password = readEnvironmentVariable('Parameters__db_password')

param api_containerimage = readEnvironmentVariable('API_IMAGE')
