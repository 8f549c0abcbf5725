using 'main.bicep'

param resourceGroupName = 'rg-shop'

param end = '2027-01-31T00:00:00Z'
