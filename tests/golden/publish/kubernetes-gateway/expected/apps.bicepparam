using 'apps.bicep'

param resourceGroupName = 'rg-gateway'

param infrastructureDeployment = 'gateway'
