# The registry that shipit serves itself: pushed to, listed, served, pulled from.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
make_shop shop <<TOML
name = "shop"
[registries.here]
kind = "local"
port = $port
repository = "shop"
TOML

shipit do push -f shop/apphost.toml --progress plain
expect_status 0
cp out first
shipit do push -f shop/apphost.toml --progress plain
expect_status 0
diff first out || fail "the second run printed something else"

shipit registry list -f shop/apphost.toml
expect_status 0
cp out list
cp first out
for app in "${APPS[@]}"; do
  contains list "shop/$app"
done

"$SHIPIT" registry serve -f shop/apphost.toml >serve.log 2>&1 </dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  if skopeo list-tags --tls-verify=false "docker://localhost:$port/shop/web" >/dev/null 2>&1; then break; fi
  sleep 0.1
done
for app in "${APPS[@]}"; do
  check_image shop "$app" "localhost:$port/shop/$app:latest"
done
