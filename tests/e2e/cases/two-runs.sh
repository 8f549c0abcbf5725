# Of two runs at once, the second says that the first holds the lock.
make_app shop web
printf 'RUN ["/bin/busybox", "sleep", "6"]\n' >>shop/web/Dockerfile
{ open_registry; printf '\n[apps.web]\nkind = "dockerfile"\ncontext = "./web"\n'; } >shop/apphost.toml

"$SHIPIT" do push -f shop/apphost.toml --progress plain >first.out 2>first.err </dev/null &
first=$!
for _ in $(seq 100); do
  [ ! -s first.err ] || break
  sleep 0.1
done
sleep 1
shipit do push -f shop/apphost.toml --progress plain
expect_status 5
contains err "$first"
wait "$first" || fail "the first run failed: $(cat first.err)"
shipit do push -f shop/apphost.toml --progress plain
expect_status 0
