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

# What serves it in the background has the secrets of nobody, and holds no folder or stream.
shipit registry status -f shop/apphost.toml --format json
pid=$(python3 -c 'import json; print(json.load(open("out"))["pid"])')
equal "$(tr '\0' '\n' <"/proc/$pid/environ")" "" "the environment of the server"
equal "$(readlink "/proc/$pid/cwd" "/proc/$pid/fd/1" "/proc/$pid/fd/2" | tr '\n' ' ')" "/ /dev/null /dev/null " "what the server holds"

shipit registry list -f shop/apphost.toml
expect_status 0
cp out list
cp first out
for app in "${APPS[@]}"; do
  contains list "shop/$app"
done

shipit registry stop -f shop/apphost.toml
expect_status 0
"$SHIPIT" registry serve -f shop/apphost.toml >serve.log 2>&1 </dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  if skopeo list-tags --tls-verify=false "docker://localhost:$port/shop/web" >/dev/null 2>&1; then break; fi
  sleep 0.1
done
cp first out
for app in "${APPS[@]}"; do
  check_image shop "$app" "localhost:$port/shop/$app:latest"
done
