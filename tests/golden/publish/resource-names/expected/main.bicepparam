using 'main.bicep'

param resourceGroupName = 'rg-shop'

param store_images = 'x'
