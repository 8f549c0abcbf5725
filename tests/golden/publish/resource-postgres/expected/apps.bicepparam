using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param admin_password = readEnvironmentVariable('Parameters__admin_password')

param login_password = readEnvironmentVariable('Parameters__login_password')

param login_username = readEnvironmentVariable('Parameters__login_username')
