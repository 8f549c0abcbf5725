# One app that cannot be built leaves the others pushed.
open_registry | make_shop shop
printf 'RUN ["/bin/busybox", "false"]\n' >>shop/mailer/Dockerfile

shipit do push -f shop/apphost.toml --progress plain
expect_status 1
contains err mailer
for app in "${APPS[@]}"; do
  reference=$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/$app:latest
  if [ "$app" = mailer ]; then
    if remote "$reference" >/dev/null 2>&1; then fail "the broken app was pushed"; fi
    equal "$(printed "$app" "$reference")" "" "what was printed of the broken app"
  else
    check_image shop "$app" "$reference"
  fi
done

make_app shop mailer # repaired
shipit do push -f shop/apphost.toml --progress plain
expect_status 0
check_image shop mailer "$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/mailer:latest"
