using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param key = readEnvironmentVariable('Parameters__key')

param subnet = readEnvironmentVariable('Parameters__subnet')

param slot = 'stage'

param api_containerimage = readEnvironmentVariable('API_IMAGE')

param chat_containerimage = readEnvironmentVariable('CHAT_IMAGE')
