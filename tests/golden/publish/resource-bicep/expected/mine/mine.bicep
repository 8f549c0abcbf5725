param store_outputs_name string

param size int

@secure()
param password string

module mine 'module.bicep' = {
  name: 'mine-module'
  params: {
    account: store_outputs_name
    count: size
    label: 'shop of ${store_outputs_name}'
    limit: 5
    password: password
  }
}

output url string = mine.outputs.url

output total string = string(mine.outputs.total)
