# Three services in Docker Compose: deployed, asked over HTTP, one of them changed, taken down. A
# secret with everything in it that breaks shells and YAML arrives byte for byte.
"$SHIPIT_E2E_ROOT/tests/services" need docker-compose

project=shipit-e2e-compose
trap 'docker ps -aq --filter "label=com.docker.compose.project=$project" | xargs -r docker rm -f >/dev/null 2>&1' EXIT

mkdir -p db api web
for app in db api web; do
  printf '%s of %s\n' "$app" "$E2E_REPOSITORY" >"$app/app.txt"
  printf 'FROM shipit-e2e/base:1\nCOPY app.txt /www/app.txt\nSTOPSIGNAL SIGKILL\n' >"$app/Dockerfile"
done
# shellcheck disable=SC2016 # nothing in it is to be expanded
printf '%s' 'it'\''s "5$" ${HOME:?} $$ `x` \ # no: - {{ }} %s' >secret
printf '\n-----BEGIN KEY-----\r\nMIIE/+=\n\tend\\' >>secret

cat >apphost.toml <<TOML
name = "$project"

[params]
token = { secret = true }
greeting = "hello"

[registries.main]
kind = "oci"
endpoint = "$SHIPIT_E2E_REGISTRY"
repository = "$E2E_REPOSITORY"

[environments.local]
kind = "docker-compose"

[apps.db]
kind = "dockerfile"
context = "./db"
command = ["/bin/sh", "-c", "exec httpd -f -p 7000 -h /www"]
endpoints = { tcp = { target-port = 7000, scheme = "tcp" } }
health = { readiness = { tcp = true, period = 1 } }
volumes = ["data:/data"]

[apps.api]
kind = "dockerfile"
context = "./api"
references = ["db"]
wait-for = ["db"]
command = ["/bin/sh", "-c", 'mkdir -p /www; printf %s "\$TOKEN" >/www/secret; cp /run/token /www/file; exec httpd -f -p 8080 -h /www']
endpoints = { http = { target-port = 8080 } }
health = { readiness = { path = "/secret", period = 1 } }
env = { TOKEN = "$<token>" }
files = [{ path = "/run/token", content = "$<token>" }]

[apps.web]
kind = "dockerfile"
context = "./web"
references = ["api"]
wait-for = ["api"]
command = ["/bin/sh", "-c", 'mkdir -p /www; wget -q -O /www/secret "\$API_HTTP/secret"; wget -q -O /www/file "\$API_HTTP/file"; exec httpd -f -p 3000 -h /www']
endpoints = { http = { target-port = 3000, port = 5598, external = true } }
health = { readiness = { path = "/app.txt", period = 1 } }
env = { GREETING = "$<greeting>" }
TOML
sed -i 's/= "\$<token>"/= "$<token>"/' apphost.toml

ids() { docker ps -q --no-trunc --filter "label=com.docker.compose.project=$project" \
  --filter "label=com.docker.compose.service=$1"; }

shipit publish
expect_status 0
DOCKER_HOST=$DOCKER_HOST docker-compose --file publish/docker-compose.yaml config --quiet || fail "Compose refuses the file"
lacks publish/docker-compose.yaml BEGIN
contains publish/.env 'TOKEN='

shipit deploy --param token=@secret --progress plain
expect_status 0
contains out 'web  http://localhost:5598'
lacks out BEGIN
lacks err BEGIN
for path in secret file; do
  wget -q -O "got-$path" "http://localhost:5598/$path" || fail "web does not answer"
  cmp secret "got-$path" || fail "the $path did not arrive as it was"
done
equal "$(stat -c %a .shipit/deploy/default/local/.env)" 600 "permissions of the values"

db=$(ids db) api=$(ids api) web=$(ids web)
shipit deploy --param token=@secret --progress plain
expect_status 0
equal "$(ids db) $(ids api) $(ids web)" "$db $api $web" "nothing changed, nothing restarts"

echo changed >>web/app.txt
shipit deploy --param token=@secret --progress plain
expect_status 0
equal "$(ids db) $(ids api)" "$db $api" "what did not change goes on"
[ "$(ids web)" != "$web" ] || fail "web was not replaced"
wget -q -O got "http://localhost:5598/app.txt"
contains got changed

# Of a secret that changed the old one is not kept.
printf other >other
shipit deploy --param token=@other --progress plain
expect_status 0
equal "$(cat .shipit/deploy/default/local/files/*)" other "the files that are kept"
[ "$(ids api)" != "$api" ] || fail "api goes on with an old secret"

# A service that does not get healthy says why.
sed -i 's|path = "/app.txt"|path = "/absent"|' apphost.toml
sed -i 's|exec httpd -f -p 3000|echo about to serve; exec httpd -f -p 3000|' apphost.toml
shipit deploy --param token=@secret --progress plain
[ "$status" != 0 ] || fail "an unhealthy service is no success"
contains err 'does not get healthy'
contains err 'about to serve'

# One that ends at once while others wait for it: its words, and not those of the tool alone.
cp apphost.toml healthy.toml
sed -i 's|exec httpd -f -p 7000|echo no data folder; exit 7; exec httpd -f -p 7000|' apphost.toml
shipit deploy --param token=@secret --progress plain
expect_status 1
sed -n '/^✘/,$p' err >told
contains told '`db` ends again and again'
contains told 'no data folder'
lacks told Pulling
mv healthy.toml apphost.toml

shipit deploy --environment locl
expect_status 2
contains err 'did you mean `local`?'

shipit destroy
expect_status 2
contains err 'add `--yes`'
shipit destroy --yes --progress plain
expect_status 0
equal "$(docker ps -aq --filter "label=com.docker.compose.project=$project")" "" "nothing is left"
docker volume inspect "${project}_data" >/dev/null || fail "the volume is gone"
shipit destroy --yes --volumes --progress plain
expect_status 0
! docker volume inspect "${project}_data" >/dev/null 2>&1 || fail "the volume is still there"
