// The infrastructure of shop: registries, environments, backing services and identities.
// Written by shipit from its manifest; README.md says how to deploy it.
targetScope = 'subscription'

@description('The name of the resource group, which is created if it is not there.')
param resourceGroupName string

@description('The location of everything that names no other.')
param location string = deployment().location

param store_images string = 'x'

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
}

module location_2 'location/location.bicep' = {
  name: 'location'
  scope: rg
  params: {
    location: location
  }
}

module pictures_of_all_products 'pictures-of-all-products/pictures-of-all-products.bicep' = {
  name: 'pictures-of-all-products'
  scope: rg
  params: {
    location: location
  }
}

module store 'store/store.bicep' = {
  name: 'store'
  scope: rg
  params: {
    location: location
    store_images: store_images
  }
}
