# A private registry: what `pull` says is what its images are pulled with, from a configuration of our
# own. The user's stays as it is, and nobody else can read what is secret.
"$SHIPIT_E2E_ROOT/tests/services" need docker-compose

project=shipit-e2e-pull
trap 'docker ps -aq --filter "label=com.docker.compose.project=$project" | xargs -r docker rm -f >/dev/null 2>&1' EXIT
log_in # for pushing
before=$(sha256sum "$DOCKER_CONFIG/config.json")

make_app . web
echo 'CMD ["/bin/sh", "-c", "trap exit TERM; while :; do sleep 1; done"]' >>web/Dockerfile
manifest() { # REGISTRY PULL
  cat >apphost.toml <<TOML
name = "$project"

[params]
puller = "$SHIPIT_E2E_USERNAME"
pull-password = { secret = true }

[registries.private]
kind = "oci"
endpoint = "$1"
repository = "$E2E_REPOSITORY"
pull = $2

[environments.local]
kind = "docker-compose"

[apps.web]
kind = "dockerfile"
context = "./web"
TOML
}

# shellcheck disable=SC2016 # these are shipit's references
pull='{ username = "$<puller>", password = "$<pull-password>" }'
manifest "$SHIPIT_E2E_LOGIN_REGISTRY" "$pull"
shipit deploy --param pull-password=not-it --progress plain
[ "$status" != 0 ] || fail "it was pulled with other credentials than those of \`pull\`"
contains err 'unauthorized'
lacks err not-it

shipit deploy --param "pull-password=@$SHIPIT_E2E_PASSWORD_FILE" --progress plain
expect_status 0
equal "$(sha256sum "$DOCKER_CONFIG/config.json")" "$before" "the configuration of the user"

# Whoever gets as far as a file with a secret in it owns it.
cp "$SHIPIT_E2E_PASSWORD_FILE" words
python3 - words "$SHIPIT_E2E_USERNAME" <<'PYTHON'
import base64, sys
password = open("words").read().strip()
open("words", "w").write(password + "\n" + base64.b64encode(f"{sys.argv[2]}:{password}".encode()).decode() + "\n")
PYTHON
grep -rlF -f words .shipit >found || fail "the credentials are nowhere"
while read -r file; do
  equal "$(stat -c %a "$file")" 600 "permissions of $file"
done <found
equal "$(stat -c %a .shipit/deploy/default/local)" 700 "permissions of the folder"

# A registry that wants no credentials.
manifest "$SHIPIT_E2E_REGISTRY" '"anonymous"'
make_app . web
echo 'CMD ["/bin/sh", "-c", "trap exit TERM; while :; do sleep 1; done"]' >>web/Dockerfile
shipit deploy --progress plain
expect_status 0
[ ! -e .shipit/deploy/default/local/docker ] || fail "credentials are kept that nobody uses"

shipit destroy --yes --progress plain
expect_status 0
