// A comment at the start.
targetScope = 'resourceGroup'

metadata owner = 'é'

import * as shared from 'shared.bicep'
import { one, two as deux } from 'shared.bicep'

/* a comment
   of two lines */
@description('It\'s \${not} \u{1f600}\n')
@allowed([
  'a'
  'b'
])
@sys.minLength(1)
param kind 'a' | 'b' = 'a'
param port int = -1
param list string[]?
param union
  | 'x'
  | 'y' = 'x'
param own custom
param shape {
  @description('A name.')
  name: string
  size: int?
  *: bool
}
param pair [string, int] = ['a', 1]

@export()
type custom = string

func double(x int) int => x + x

var text = '''
  as ${it} is
	'quoted' '''
var long = $'''
${kind}
'''
var values = union({
  a: 1
  'b-c': null
  'x${kind}': { one: 1, two: [true, false] }
}, {
  ...base
})
var base = {}
var choice = port > 1 && !empty(kind) || kind == 'b'
  ? '${kind}-${toLower('${kind}x')}'
  : one[0].?name ?? deux!
var picked = filter(map([1, 2], (x, i) => x + i), x => x % 2 == 0)
var names = [for (name, i) in (list ?? []): {
  name: name
  index: i
}]

#disable-next-line no-unused-existing-resources
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: 'kv'
  scope: az.resourceGroup('other')

  resource secret 'secrets' existing = {
    name: 'x'
  }
}

@batchSize(1)
resource sites 'Microsoft.Web/sites@2025-03-01' = [for i in range(0, 2): if (port != 3) {
  name: take('site-${i}-${uniqueString(resourceGroup().id)}', 60)
  location: resourceGroup().location
  properties: {
    secret: vault::secret.properties.value
    text: text
    long: long
    values: [
      ...picked
      values
      choice
    ]
  }
}]

module web 'web/web.bicep' = if (port == 1) {
  name: 'web'
  params: {
    own: own
    union: union
    shape: shape.name
    pair: pair[^1]
    count: double(2)
    id: sites[0].id
    names: names
    shared: shared.x
    password: vault.getSecret('x')
  }
}

@secure()
output url string = web!.outputs.url // at the end
