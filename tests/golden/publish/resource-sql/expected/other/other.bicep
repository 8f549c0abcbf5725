@description('The location of the resources.')
param location string = resourceGroup().location

resource other 'Microsoft.Sql/servers@2023-08-01' = {
  // checkov:skip=CKV_AZURE_23:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_24:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_25:Defender for SQL costs money
  // checkov:skip=CKV2_AZURE_2:vulnerability assessments need a storage account, which costs money
  name: take('other-${uniqueString(resourceGroup().id)}', 63)
  location: location
  properties: {
    administrators: {
      administratorType: 'ActiveDirectory'
      azureADOnlyAuthentication: true
      login: 'dba'
      principalType: 'Group'
      sid: '00000000-0000-0000-0000-000000000001'
      tenantId: subscription().tenantId
    }
    minimalTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
    version: '12.0'
  }
  tags: {
    'shipit-resource-name': 'other'
  }
}

resource other_office 'Microsoft.Sql/servers/firewallRules@2023-08-01' = {
  name: 'office'
  parent: other
  properties: {
    startIpAddress: '203.0.113.1'
    endIpAddress: '203.0.113.1'
  }
}

resource other_main 'Microsoft.Sql/servers/databases@2023-08-01' = {
  // checkov:skip=CKV_AZURE_23:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_24:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_25:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_26:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_27:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_224:a ledger cannot be switched off again
  // checkov:skip=CKV_AZURE_229:zone redundancy costs money
  name: 'main'
  parent: other
  location: location
  sku: {
    name: 'S0'
  }
}

resource other_free 'Microsoft.Sql/servers/databases@2023-08-01' = {
  // checkov:skip=CKV_AZURE_23:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_24:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_25:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_26:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_27:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_224:a ledger cannot be switched off again
  // checkov:skip=CKV_AZURE_229:zone redundancy costs money
  name: 'free'
  parent: other
  location: location
  sku: {
    name: 'GP_S_Gen5_2'
  }
  properties: {
    freeLimitExhaustionBehavior: 'AutoPause'
    useFreeLimit: true
  }
}

resource other_odd 'Microsoft.Sql/servers/databases@2023-08-01' = {
  // checkov:skip=CKV_AZURE_23:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_24:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_25:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_26:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_27:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_224:a ledger cannot be switched off again
  // checkov:skip=CKV_AZURE_229:zone redundancy costs money
  name: 'Odd One'
  parent: other
  location: location
  sku: {
    name: 'S1'
  }
}

output sqlServerFqdn string = other.properties.fullyQualifiedDomainName

output name string = other.name

output id string = other.id

output sqlServerAdminName string = other.properties.administrators.login
