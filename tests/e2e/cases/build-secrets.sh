# A build secret reaches the build and stays nowhere.
make_app shop web
cat >shop/web/Dockerfile <<'DOCKERFILE'
FROM shipit-e2e/base:1
COPY app.txt /app/
RUN --mount=type=secret,id=token sha256sum < /run/secrets/token > /app/proof
DOCKERFILE
{
  open_registry
  printf '\n[params]\ntoken = { secret = true }\n'
  printf '\n[apps.web]\nkind = "dockerfile"\ncontext = "./web"\nbuild-secrets = { token = "$<token>" }\n'
} >shop/apphost.toml
secret=token-$RANDOM$RANDOM$RANDOM
export Parameters__token=$secret

shipit do push -f shop/apphost.toml --progress plain
expect_status 0
reference=$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/web:latest
check_image shop web "$reference"
docker pull --quiet "$reference" >/dev/null
docker history --no-trunc "$reference" >history
docker inspect "$reference" >inspect
docker save "$reference" | tar -xOf - >content
for file in history inspect content out err; do lacks "$file" "$secret"; done
! grep -rqF "$secret" shop || fail "the secret is in a file"
contains content "$(printf %s "$secret" | sha256sum)" # the build did see it
