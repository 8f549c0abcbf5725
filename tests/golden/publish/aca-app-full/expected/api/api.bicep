@description('The location of the resources.')
param location string = resourceGroup().location

@description('Domain of the shop')
param domain_value string

@description('Name of its certificate; empty before there is one')
param certificate_value string

param env_outputs_azure_container_apps_environment_id string

@description('Token of the supplier')
@secure()
param token_value string

@description('The image of api.')
param api_containerimage string

param env_outputs_azure_container_registry_managed_identity_id string

param env_outputs_azure_container_registry_endpoint string

param greeting_value string

param env_outputs_volumes_api_0 string

param env_outputs_bindmounts_api_0 string

param env_outputs_volumes_api_1 string

resource api 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'api'
  location: location
  tags: {
    'shipit-resource-name': 'api'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${env_outputs_azure_container_registry_managed_identity_id}': {}
    }
  }
  properties: {
    environmentId: env_outputs_azure_container_apps_environment_id
    workloadProfileName: 'big'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 8080
        transport: 'http'
        allowInsecure: false
        additionalPortMappings: [
          {
            external: false
            targetPort: 8081
          }
        ]
        customDomains: [
          {
            name: 'www.example.org'
            bindingType: 'Disabled'
          }
          {
            name: domain_value
            bindingType: !empty(certificate_value) ? 'SniEnabled' : 'Disabled'
            certificateId: !empty(certificate_value) ? '${env_outputs_azure_container_apps_environment_id}/managedCertificates/${certificate_value}' : null
          }
          {
            name: 'shop.example.org'
            bindingType: 'SniEnabled'
            certificateId: '${env_outputs_azure_container_apps_environment_id}/managedCertificates/shop-cert'
          }
        ]
      }
      registries: [
        {
          server: env_outputs_azure_container_registry_endpoint
          identity: env_outputs_azure_container_registry_managed_identity_id
        }
      ]
      secrets: [
        {
          name: 'night-key'
          value: token_value
        }
        {
          name: 'token'
          value: token_value
        }
        {
          name: 'url'
          value: 'https://user:${uriComponent(token_value)}@example.org'
        }
        {
          name: 'file-settings.json'
          value: '{ "token": "${token_value}" }'
        }
        {
          name: 'file-banner.txt'
          value: 'It\'s a shop\n'
        }
        {
          name: 'file-banner.txt-2'
          value: string(greeting_value)
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'api'
          image: api_containerimage
          command: [
            '/bin/server'
          ]
          args: [
            '--greeting'
            greeting_value
          ]
          env: [
            {
              name: 'GREETING'
              value: '${greeting_value}, it\'s \${HOME}'
            }
            {
              name: 'TOKEN'
              secretRef: 'token'
            }
            {
              name: 'URL'
              secretRef: 'url'
            }
          ]
          resources: {
            cpu: json('1.5')
            memory: '3Gi'
          }
          probes: [
            {
              type: 'Startup'
              tcpSocket: {
                port: 8080
              }
              initialDelaySeconds: 5
              periodSeconds: 5
              timeoutSeconds: 1
              failureThreshold: 10
              successThreshold: 1
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/live'
                port: 8080
                scheme: 'HTTPS'
              }
              initialDelaySeconds: 1
              periodSeconds: 20
              timeoutSeconds: 3
              failureThreshold: 3
              successThreshold: 1
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/'
                port: 8080
                scheme: 'HTTP'
              }
              initialDelaySeconds: 5
              periodSeconds: 5
              timeoutSeconds: 1
              failureThreshold: 3
              successThreshold: 2
            }
          ]
          volumeMounts: [
            {
              volumeName: 'v0'
              mountPath: '/var/lib/data'
            }
            {
              volumeName: 'bm0'
              mountPath: '/etc/conf'
            }
            {
              volumeName: 'tmp0'
              mountPath: '/tmp/work'
            }
            {
              volumeName: 'v1'
              mountPath: '/media'
            }
            {
              volumeName: 'files'
              mountPath: '/etc/app/settings.json'
              subPath: '0-settings.json'
            }
            {
              volumeName: 'files'
              mountPath: '/etc/app/banner.txt'
              subPath: '1-banner.txt'
            }
            {
              volumeName: 'files'
              mountPath: '/etc/other/banner.txt'
              subPath: '2-banner.txt'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 2
        maxReplicas: 20
        cooldownPeriod: 300
        pollingInterval: 15
        rules: [
          {
            name: 'http'
            http: {
              metadata: {
                concurrentRequests: '50'
              }
            }
          }
          {
            name: 'cpu'
            custom: {
              type: 'cpu'
              metadata: {
                type: 'Utilization'
                value: '70'
              }
            }
          }
          {
            name: 'memory'
            custom: {
              type: 'memory'
              metadata: {
                type: 'Utilization'
                value: '80'
              }
            }
          }
          {
            name: 'night'
            custom: {
              type: 'cron'
              metadata: {
                desiredReplicas: '3'
                timezone: 'Europe/Berlin'
              }
              auth: [
                {
                  secretRef: 'night-key'
                  triggerParameter: 'key'
                }
              ]
            }
          }
        ]
      }
      volumes: [
        {
          name: 'v0'
          storageType: 'AzureFile'
          storageName: env_outputs_volumes_api_0
        }
        {
          name: 'bm0'
          storageType: 'AzureFile'
          storageName: env_outputs_bindmounts_api_0
        }
        {
          name: 'tmp0'
          storageType: 'EmptyDir'
        }
        {
          name: 'v1'
          storageType: 'AzureFile'
          storageName: env_outputs_volumes_api_1
        }
        {
          name: 'files'
          storageType: 'Secret'
          secrets: [
            {
              secretRef: 'file-settings.json'
              path: '0-settings.json'
            }
            {
              secretRef: 'file-banner.txt'
              path: '1-banner.txt'
            }
            {
              secretRef: 'file-banner.txt-2'
              path: '2-banner.txt'
            }
          ]
        }
      ]
    }
  }
}
