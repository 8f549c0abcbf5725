using 'apps.bicep'

param resourceGroupName = 'rg-jobs'

param infrastructureDeployment = 'jobs'

param key = readEnvironmentVariable('Parameters__key')

param manual_containerimage = readEnvironmentVariable('MANUAL_IMAGE')

param many_containerimage = readEnvironmentVariable('MANY_IMAGE')

param nightly_containerimage = readEnvironmentVariable('NIGHTLY_IMAGE')

param worker_containerimage = readEnvironmentVariable('WORKER_IMAGE')
