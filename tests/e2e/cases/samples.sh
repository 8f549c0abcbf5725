# The samples do what their READMEs say.
"$SHIPIT_E2E_ROOT/tests/services" need docker-compose
cp -r "$SHIPIT_E2E_ROOT/samples" .
rm -rf samples/*/.shipit
# A server that a push started ends by itself when its folder is gone.
trap 'for project in quickstart; do docker ps -aq --filter "label=com.docker.compose.project=$project" |
  xargs -r docker rm -f >/dev/null 2>&1; done; rm -rf samples/*/.shipit' EXIT

shipit do push -f samples/quickstart/apphost.toml
expect_status 0
equal "$(wc -l <out)" 2 "lines of the quickstart"
shipit registry list -f samples/quickstart/apphost.toml
expect_status 0
contains out quickstart/web
contains out quickstart/api
shipit deploy -f samples/quickstart/apphost.toml
expect_status 0
contains out 'web  http://localhost:8088'
wget -q -O page http://localhost:8088/ || fail "the quickstart does not answer"
cmp page samples/quickstart/web/index.html
wget -q -O greetings http://localhost:8088/cgi-bin/greetings || fail "web does not reach api"
cmp greetings samples/quickstart/api/greetings.json
shipit destroy --yes -f samples/quickstart/apphost.toml
expect_status 0
equal "$(docker ps -aq --filter label=com.docker.compose.project=quickstart)" "" "nothing of the quickstart is left"

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
