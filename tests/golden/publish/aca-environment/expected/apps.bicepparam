using 'apps.bicep'

param resourceGroupName = 'rg-net'

param infrastructureDeployment = 'net'

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param plain_containerimage = readEnvironmentVariable('PLAIN_IMAGE')

param tcp_containerimage = readEnvironmentVariable('TCP_IMAGE')
