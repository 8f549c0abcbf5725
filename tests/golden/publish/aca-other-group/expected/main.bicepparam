using 'main.bicep'

param resourceGroupName = 'rg-groups'

param group = 'rg-apps'
