using 'apps.bicep'

param resourceGroupName = 'rg-shop'

param infrastructureDeployment = 'shop'

param an_app_with_a_name_that_is_longer_than_azure_likes_it_to_be_containerimage = readEnvironmentVariable('AN_APP_WITH_A_NAME_THAT_IS_LONGER_THAN_AZURE_LIKES_IT_TO_BE_IMAGE')
