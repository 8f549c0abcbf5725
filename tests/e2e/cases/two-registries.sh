# One app to two registries, one of them with a login: the same digest in both.
cp -r "$SHIPIT_E2E_ROOT/samples/multi-registry" site
sed -i "s|repository = \"|&$E2E_REPOSITORY/|" site/apphost.toml
log_in

shipit do push -f site/apphost.toml --progress plain \
  --param "main-endpoint=$SHIPIT_E2E_REGISTRY" --param "mirror-endpoint=$SHIPIT_E2E_LOGIN_REGISTRY"
expect_status 0
main=$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/samples/site:latest
mirror=$SHIPIT_E2E_LOGIN_REGISTRY/$E2E_REPOSITORY/copies/site:latest
check_image site site "$main"
check_image site site "$mirror"
equal "$(printed site "$main")" "$(printed site "$mirror")" "the digests"
