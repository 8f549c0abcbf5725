using 'main.bicep'

param resourceGroupName = 'rg-shop'

param address_space = '10.8.0.0/16'
