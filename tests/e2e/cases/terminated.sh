# SIGTERM while an image is built: exit status 143, and the build does not go on.
make_app shop web
printf 'RUN ["/bin/busybox", "sleep", "97"]\n' >>shop/web/Dockerfile
{ open_registry; printf '\n[apps.web]\nkind = "dockerfile"\ncontext = "./web"\n'; } >shop/apphost.toml

touch err
status=$("$SHIPIT_E2E_ROOT/tests/e2e/interrupt.py" SIGTERM err 'sleep.*97' \
  "$SHIPIT" do push -f shop/apphost.toml --progress plain) || fail "no interruption"
cat err
expect_status 143
for _ in $(seq 50); do
  is_running /bin/busybox sleep 97 || exit 0
  sleep 0.1
done
fail "the engine still runs the build"
