using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param domain = readEnvironmentVariable('Parameters__domain')

param certificate = ''

param token = readEnvironmentVariable('Parameters__token')

param greeting = 'hello'

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param grpc_containerimage = readEnvironmentVariable('GRPC_IMAGE')

param media_containerimage = readEnvironmentVariable('MEDIA_IMAGE')
