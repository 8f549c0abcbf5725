# The samples do what their READMEs say.
cp -r "$SHIPIT_E2E_ROOT/samples" .
rm -rf samples/*/.shipit
# A server that a push started ends by itself when its folder is gone.
trap 'rm -rf samples/*/.shipit' EXIT

shipit do push -f samples/quickstart/apphost.toml
expect_status 0
equal "$(wc -l <out)" 2 "lines of the quickstart"
shipit registry list -f samples/quickstart/apphost.toml
expect_status 0
contains out quickstart/web
contains out quickstart/api

shipit do push -f samples/ghcr/apphost.toml
expect_status 2 # the repository is missing
contains err Parameters__registry_repository
export Parameters__registry_repository=$E2E_REPOSITORY
shipit do push -f samples/ghcr/apphost.toml --param "registry-endpoint=$SHIPIT_E2E_REGISTRY"
expect_status 0
check_image samples/ghcr web "$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/web:latest"
check_image samples/ghcr api "$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/api:latest"

shipit do push -f samples/two-spellings/apphost.toml
expect_status 0
sed 's/  *[^ ]*:[0-9]*\//  /' out >toml.out # the port may be another
shipit do push -f samples/two-spellings/apphost.yaml
expect_status 0
sed 's/  *[^ ]*:[0-9]*\//  /' out >yaml.out
diff toml.out yaml.out || fail "the two spellings gave different images"
