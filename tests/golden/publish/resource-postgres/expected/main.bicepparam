using 'main.bicep'

param resourceGroupName = 'rg-shop'

param login_username = readEnvironmentVariable('Parameters__login_username')

param login_password = readEnvironmentVariable('Parameters__login_password')

param admin_password = readEnvironmentVariable('Parameters__admin_password')
