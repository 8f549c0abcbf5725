using 'apps.bicep'

param resourceGroupName = 'rg-mirror'

param infrastructureDeployment = 'mirror'

param db_password = readEnvironmentVariable('Parameters__db_password')

param greeting = 'hello'

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param web_containerimage = readEnvironmentVariable('WEB_IMAGE')
