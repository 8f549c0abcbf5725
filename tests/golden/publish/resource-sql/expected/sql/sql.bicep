@description('The location of the resources.')
param location string = resourceGroup().location

resource sql_admin 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('sql-admin-${uniqueString(resourceGroup().id)}', 63)
  location: location
  tags: {
    'shipit-resource-name': 'sql'
  }
}

resource sql 'Microsoft.Sql/servers@2023-08-01' = {
  // checkov:skip=CKV_AZURE_23:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_24:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_25:Defender for SQL costs money
  // checkov:skip=CKV2_AZURE_2:vulnerability assessments need a storage account, which costs money
  // checkov:skip=CKV_AZURE_113:apps reach it over the public network; only Entra identities are let in
  name: take('sql-${uniqueString(resourceGroup().id)}', 63)
  location: location
  properties: {
    administrators: {
      administratorType: 'ActiveDirectory'
      azureADOnlyAuthentication: true
      login: sql_admin.name
      principalType: 'Application'
      sid: sql_admin.properties.principalId
      tenantId: subscription().tenantId
    }
    minimalTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
    version: '12.0'
  }
  tags: {
    'shipit-resource-name': 'sql'
  }
}

resource sql_AllowAllAzureIps 'Microsoft.Sql/servers/firewallRules@2023-08-01' = {
  name: 'AllowAllAzureIps'
  parent: sql
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource sql_orders 'Microsoft.Sql/servers/databases@2023-08-01' = {
  // checkov:skip=CKV_AZURE_23:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_24:auditing needs a workspace or a storage account, which cost money
  // checkov:skip=CKV_AZURE_25:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_26:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_27:Defender for SQL costs money
  // checkov:skip=CKV_AZURE_224:a ledger cannot be switched off again
  // checkov:skip=CKV_AZURE_229:zone redundancy costs money
  name: 'orders'
  parent: sql
  location: location
  sku: {
    name: 'GP_S_Gen5_2'
  }
  properties: {
    freeLimitExhaustionBehavior: 'AutoPause'
    useFreeLimit: true
  }
}

output sqlServerFqdn string = sql.properties.fullyQualifiedDomainName

output name string = sql.name

output id string = sql.id

output sqlServerAdminName string = sql.properties.administrators.login
