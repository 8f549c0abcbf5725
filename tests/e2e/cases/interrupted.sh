# Ctrl-C while layers are sent; the next run does what is left.
{
  open_registry
  for app in web api worker; do printf '\n[apps.%s]\nkind = "dockerfile"\ncontext = "./%s"\n' "$app" "$app"; done
} >apphost.toml
for app in web api worker; do make_app . "$app" 60000000; done

status=$("$SHIPIT_E2E_ROOT/tests/e2e/interrupt.py" SIGINT "$SHIPIT_E2E_REGISTRY_LOG" \
  "\"POST /v2/$E2E_REPOSITORY/.*/blobs/uploads" "$SHIPIT" do push -f apphost.toml --progress plain) || fail "no interruption"
cat err
expect_status 130
! grep -qi 'panicked' err || fail "a panic"

shipit do push -f apphost.toml --progress plain
expect_status 0
for app in web api worker; do
  check_image . "$app" "$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/$app:latest"
done
