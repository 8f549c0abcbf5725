# The plugin `docker compose` is taken before docker-compose, and told the same. Engines by a context and
# over SSH; what another machine cannot see is refused before anything is built.
"$SHIPIT_E2E_ROOT/tests/services" need docker-compose

project=shipit-e2e-remote
socket=$DOCKER_HOST
trap 'DOCKER_HOST=$socket docker ps -aq --filter "label=com.docker.compose.project=$project" |
  DOCKER_HOST=$socket xargs -r docker rm -f >/dev/null 2>&1' EXIT

make_app . web
printf 'STOPSIGNAL SIGKILL\nCMD ["/bin/httpd", "-f", "-p", "8080", "-h", "/app"]\n' >>web/Dockerfile
cat >apphost.toml <<TOML
name = "$project"

[environments.local]
kind = "docker-compose"

[apps.web]
kind = "dockerfile"
context = "./web"
endpoints = { http = { target-port = 8080, port = 5597, external = true } }
health = { readiness = { path = "/app.txt", period = 1 } }
TOML

# Stands in for the plugin: notes what it is told, and lets docker-compose do it.
mkdir -p bin
cat >bin/docker <<SH
#!/bin/bash
printf '%s\n' "\$*" >>"$PWD/calls"
[ "\$1" = compose ] || exit 1
shift
[ "\$1" != version ] || { echo "Docker Compose version v2.29.7"; exit 0; }
printf '%s %s\n' "\$DOCKER_HOST" "\$DOCKER_CONTEXT" >>"$PWD/engines"
exec env DOCKER_HOST="$socket" docker-compose "\$@"
SH
# Stands in for another machine: it has the same engine.
cat >bin/ssh <<SH
#!/bin/bash
printf '%s\n' "\$*" >>"$PWD/ssh-calls"
exec env DOCKER_HOST="$socket" $(command -v docker) system dial-stdio
SH
chmod +x bin/docker bin/ssh
real=$(command -v docker)
with_plugin() { PATH="$PWD/bin:$PATH" shipit "$@"; }

with_plugin deploy --progress plain
expect_status 0
contains out 'web  http://localhost:5597'
contains calls "compose --project-name $project --file"
contains calls "up --detach --remove-orphans"
contains engines "$socket "
contains err 'logs: cd .shipit/deploy/default/local && docker compose logs'
(cd .shipit/deploy/default/local && DOCKER_HOST=$socket docker-compose logs web) || fail "the hint does not work"
with_plugin destroy --yes --progress plain
expect_status 0
contains calls "down --remove-orphans"

# A context of Docker's.
"$real" context create there --docker "host=$socket" >/dev/null
DOCKER_HOST='' DOCKER_CONTEXT=there shipit deploy --progress plain
expect_status 0
DOCKER_HOST='' DOCKER_CONTEXT=there shipit destroy --yes --progress plain
expect_status 0

# Over SSH: the address is that of the other machine.
DOCKER_HOST=ssh://ci@far.example with_plugin deploy --progress plain
expect_status 0
contains out 'web  http://far.example:5597'
contains engines 'ssh://ci@far.example'
contains ssh-calls 'far.example'
DOCKER_HOST=ssh://ci@far.example with_plugin destroy --yes --progress plain
expect_status 0

# What lies on this machine is not there.
cp apphost.toml plain.toml
echo 'volumes = ["./web:/data"]' >>apphost.toml
DOCKER_HOST=ssh://ci@far.example with_plugin deploy --progress plain
expect_status 1
contains err 'the files that `web` mount are not'
lacks err '[build-web] #'
{
  cat plain.toml
  printf '[registries.here]\nkind = "local"\n'
} >apphost.toml
DOCKER_HOST=ssh://ci@far.example with_plugin deploy --progress plain
expect_status 1
contains err 'it cannot pull from `here`'
