using 'main.bicep'

param resourceGroupName = 'rg-shop'

param plan = 'shared-plan'
