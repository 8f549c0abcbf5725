module other './other.bicep' = {
  name: 'other'
}

var text = loadTextContent('x.txt')
