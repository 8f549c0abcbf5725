using 'main.bicep'

param resourceGroupName = 'rg-shop'

param location_2 = 'westeurope'

param acr_token = 'x'
