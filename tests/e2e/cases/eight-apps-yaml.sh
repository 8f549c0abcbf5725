# Eight apps in YAML to a registry with a login; user and password are parameters.
make_yaml_shop shop <<YAML
name: shop
params:
  user: { description: Who pushes }
  password: { secret: true }
registries:
  main:
    kind: oci
    endpoint: $SHIPIT_E2E_LOGIN_REGISTRY
    repository: $E2E_REPOSITORY
    username: \$<user>
    password: \$<password>
YAML
secret=$(cat "$SHIPIT_E2E_PASSWORD_FILE")
export Parameters__user=$SHIPIT_E2E_USERNAME Parameters__password=$secret

shipit do push -f shop/apphost.yaml --progress plain
expect_status 0
lacks out "$secret"
lacks err "$secret"
! grep -rqF "$secret" shop || fail "the password is in a file"

log_in # for those who check
for app in "${APPS[@]}"; do
  check_image shop "$app" "$SHIPIT_E2E_LOGIN_REGISTRY/$E2E_REPOSITORY/$app:latest"
done

before=$(mark "$SHIPIT_E2E_LOGIN_REGISTRY_LOG")
rm "$DOCKER_CONFIG/config.json"
shipit do push -f shop/apphost.yaml --progress plain
expect_status 0
equal "$(writes_since "$SHIPIT_E2E_LOGIN_REGISTRY_LOG" "$before")" 0 "requests that write, in the second run"
