using 'main.bicep'

param resourceGroupName = 'rg-shop'

param storage_sku = 'Standard_ZRS'
