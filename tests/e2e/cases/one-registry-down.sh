# One app to two registries, one of which does not answer: the other gets the image. The next run,
# when both are up, does the rest and nothing else.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
make_app shop web
{
  open_registry
  printf '\n[registries.other]\nkind = "oci"\nendpoint = "localhost:%s"\n' "$port"
  printf '\n[apps.web]\nkind = "dockerfile"\ncontext = "./web"\nregistry = ["other", "main"]\n'
} >shop/apphost.toml
main=$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/web:latest
other=localhost:$port/web:latest

shipit do push -f shop/apphost.toml --progress plain
expect_status 4
contains err "localhost:$port"
check_image shop web "$main"
equal "$(printed web "$other")" "" "what was printed of the registry that is down"
equal "$(recorded shop web "$other")" "" "what is recorded of it"
cp out first

mkdir other
"$SHIPIT" registry serve --folder other --port "$port" >serve.log 2>&1 </dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  [ ! -s serve.log ] || break
  sleep 0.1
done
before=$(mark "$SHIPIT_E2E_REGISTRY_LOG")
shipit do push -f shop/apphost.toml --progress plain
expect_status 0
equal "$(writes_since "$SHIPIT_E2E_REGISTRY_LOG" "$before")" 0 "requests that write to the registry that has it"
check_image shop web "$main"
check_image shop web "$other"
