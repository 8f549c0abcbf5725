@description('The location of the resources.')
param location string = resourceGroup().location

param sql_outputs_name string

param principalName string

param clientId string

param sql_outputs_sqlserveradminname string

// A database knows users and no roles of Azure. As the server's administrator, this makes the
// identity of the app a user. It may run any number of times.
var script = '''
$ErrorActionPreference = 'Stop'
$bytes = ([guid]$env:CLIENT_ID).ToByteArray()
$sid = '0x' + [System.BitConverter]::ToString($bytes).Replace('-', '')
$user = '[' + $env:USER_NAME.Replace(']', ']]') + ']'
$text = "N'" + $env:USER_NAME.Replace("'", "''") + "'"
$query = @"
SET XACT_ABORT ON;
BEGIN TRANSACTION;
IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = $text AND type = 'E' AND sid <> $sid)
  DROP USER $user;
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = $text)
  CREATE USER $user WITH SID = $sid, TYPE = E;
ALTER ROLE db_owner ADD MEMBER $user;
COMMIT TRANSACTION;
"@
for ($attempt = 1; ; $attempt++) {
  $connection = New-Object System.Data.SqlClient.SqlConnection
  try {
    $token = (Get-AzAccessToken -ResourceUrl $env:AUDIENCE -AsSecureString).Token
    $connection.ConnectionString = "Server=tcp:$env:SERVER,1433;Database=$env:DATABASE;Encrypt=True"
    $connection.AccessToken = [System.Net.NetworkCredential]::new('', $token).Password
    $connection.Open()
    $command = $connection.CreateCommand()
    $command.CommandText = $query
    [void]$command.ExecuteNonQuery()
    break
  } catch {
    if ($attempt -ge 10) { throw }
    Write-Output "attempt ${attempt}: $_"
    Start-Sleep -Seconds 30
  } finally {
    $connection.Dispose()
  }
}
'''

resource sql 'Microsoft.Sql/servers@2023-08-01' existing = {
  // checkov:skip=CKV_AZURE_23:it is not made here
  // checkov:skip=CKV_AZURE_24:it is not made here
  // checkov:skip=CKV_AZURE_25:it is not made here
  name: sql_outputs_name
}

resource sql_admin 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: sql_outputs_sqlserveradminname
}

resource script_sql_orders 'Microsoft.Resources/deploymentScripts@2023-08-01' = {
  name: 'script-${uniqueString('sql', principalName, 'orders', resourceGroup().id)}'
  location: location
  kind: 'AzurePowerShell'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${sql_admin.id}': {}
    }
  }
  properties: {
    azPowerShellVersion: '14.0'
    cleanupPreference: 'OnSuccess'
    environmentVariables: [
      {
        name: 'SERVER'
        value: sql.properties.fullyQualifiedDomainName
      }
      {
        name: 'DATABASE'
        value: 'orders'
      }
      {
        name: 'AUDIENCE'
        value: 'https://${substring(environment().suffixes.sqlServerHostname, 1)}/'
      }
      {
        name: 'USER_NAME'
        value: principalName
      }
      {
        name: 'CLIENT_ID'
        value: clientId
      }
    ]
    retentionInterval: 'PT1H'
    scriptContent: script
    timeout: 'PT15M'
  }
}
