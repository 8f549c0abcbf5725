using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param builder_containerimage = readEnvironmentVariable('BUILDER_IMAGE')
