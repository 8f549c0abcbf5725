using 'main.bicep'

param resourceGroupName = 'rg-shop'

param stage = 'dev'
