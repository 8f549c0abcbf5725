# Eight apps with shared layers, in TOML, to a registry without a login; the second run sends nothing.
open_registry | make_shop shop

shipit do push -f shop/apphost.toml --progress plain
expect_status 0
for app in "${APPS[@]}"; do
  check_image shop "$app" "$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/$app:latest"
done
cp out first

before=$(mark "$SHIPIT_E2E_REGISTRY_LOG")
shipit do push -f shop/apphost.toml --progress plain
expect_status 0
diff first out || fail "the second run printed something else"
equal "$(writes_since "$SHIPIT_E2E_REGISTRY_LOG" "$before")" 0 "requests that write, in the second run"
grep -qiE 'already|nothing|unchanged' err || fail "the second run does not say that nothing was sent"
