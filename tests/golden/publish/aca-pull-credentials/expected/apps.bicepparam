using 'apps.bicep'

param resourceGroupName = 'rg-ghcr'

param infrastructureDeployment = 'ghcr'

param user = readEnvironmentVariable('Parameters__user')

param pull_token = readEnvironmentVariable('Parameters__pull_token')

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param job_containerimage = readEnvironmentVariable('JOB_IMAGE')

param open_containerimage = readEnvironmentVariable('OPEN_IMAGE')

param silent_app_containerimage = readEnvironmentVariable('SILENT_APP_IMAGE')
