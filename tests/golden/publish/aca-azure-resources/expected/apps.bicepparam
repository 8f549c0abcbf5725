using 'apps.bicep'

param resourceGroupName = 'rg-passwordless'

param infrastructureDeployment = 'passwordless'

param queue = 'orders'

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param mailer_containerimage = readEnvironmentVariable('MAILER_IMAGE')

param shared_containerimage = readEnvironmentVariable('SHARED_IMAGE')
