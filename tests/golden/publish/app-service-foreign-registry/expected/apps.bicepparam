using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param user = readEnvironmentVariable('Parameters__user')

param token = readEnvironmentVariable('Parameters__token')

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param docs_containerimage = readEnvironmentVariable('DOCS_IMAGE')

param hello_containerimage = 'docker.io/library/nginx:1.29'
