# What the cases share: running shipit, checking what it did, and an application to do it with.
# A case runs in a folder of its own, with a HOME and a DOCKER_CONFIG that are empty.
# shellcheck shell=bash disable=SC2034 # variables are read by the cases

APPS=(web api worker mailer search images audit admin)

fail() {
  printf 'assertion failed: %s\n' "$*"
  exit 1
}

# shipit ARGUMENT…: runs it; leaves $status and the files out and err.
shipit() {
  printf '+ shipit %s\n' "$*"
  status=0
  "$SHIPIT" "$@" >out 2>err </dev/null || status=$?
  sed 's/^/  out: /' out
  sed 's/^/  err: /' err
}

expect_status() { [ "$status" = "$1" ] || fail "exit status $status, not $1"; }

contains() { grep -qF -e "$2" -- "$1" || fail "\`$1\` lacks \`$2\`"; }
lacks() { ! grep -qF -e "$2" -- "$1" || fail "\`$1\` contains \`$2\`"; }
equal() { [ "$1" = "$2" ] || fail "$3: \`$1\` is not \`$2\`"; }

# What `push` printed of an image: APP REFERENCE → digest
printed() { awk -v app="$1" -v reference="$2" '$1 == app && $2 == reference { print $3 }' out; }

# What the state file has of it.
recorded() { # FOLDER APP REFERENCE
  python3 - "$@" <<'PYTHON'
import json, sys
folder, app, reference = sys.argv[1:]
state = json.load(open(folder + "/.shipit/images.json"))
assert state["version"] == 1, state
print(*[image["digest"] for image in state["images"].get(app, []) if image["reference"] == reference])
PYTHON
}

# What the registry has, asked by somebody else.
remote() { skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$1"; }

# The image is in the registry as shipit said, and the engine can pull it.
check_image() { # FOLDER APP REFERENCE
  local digest
  digest=$(printed "$2" "$3")
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "no digest of $3 was printed: \`$digest\`"
  equal "$(recorded "$1" "$2" "$3")" "$digest" "images.json, $3"
  equal "$(remote "$3")" "$digest" "skopeo, $3"
  check_pull "$3" "$digest"
}

check_pull() { # REFERENCE DIGEST
  docker pull --quiet "${1%:*}@$2" >/dev/null || fail "the engine cannot pull $1"
}

# Whether a program runs with exactly these words, in or out of a container.
is_running() {
  local file words
  for file in /proc/[0-9]*/cmdline; do
    mapfile -d '' -t words 2>/dev/null <"$file" || continue
    [ "${words[*]}" != "$*" ] || return 0
  done
  return 1
}

# --- registries ---

mark() { wc -c <"$1"; }

# Requests that write to this case's repositories, since a mark in a registry's log.
writes_since() { # LOG MARK
  tail -c "+$(($2 + 1))" "$1" | grep -cE "\"(PUT|POST|PATCH) /v2/$E2E_REPOSITORY" || true
}

# Docker's own credentials for the registry with a login.
log_in() {
  python3 - "$SHIPIT_E2E_LOGIN_REGISTRY" "$SHIPIT_E2E_USERNAME" "$SHIPIT_E2E_PASSWORD_FILE" <<'PYTHON'
import base64, json, os, sys
registry, username, file = sys.argv[1:]
auth = base64.b64encode(f"{username}:{open(file).read().strip()}".encode()).decode()
path = os.environ["DOCKER_CONFIG"] + "/config.json"
json.dump({"auths": {registry: {"auth": auth}}}, open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w"))
PYTHON
  export REGISTRY_AUTH_FILE=$DOCKER_CONFIG/config.json # for skopeo
}

# --- the engine, from afar ---

# relay SOCKET: the engine at a port of this machine, as a remote one would be; sets $relay_port.
# It ends with the case.
relay() {
  cat >relay.py <<'PYTHON'
import socket, sys, threading

def pump(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass

server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    near, _ = server.accept()
    far = socket.socket(socket.AF_UNIX)
    far.connect(sys.argv[1])
    for pair in ((near, far), (far, near)):
        threading.Thread(target=pump, args=pair, daemon=True).start()
PYTHON
  python3 relay.py "$1" >relay.port 2>relay.log &
  trap 'kill '$! EXIT
  for _ in $(seq 100); do
    [ -s relay.port ] && break
    sleep 0.1
  done
  relay_port=$(cat relay.port)
}

# --- an application ---

# make_app FOLDER APP [BYTES]: an app with a file of its own, new in every run.
make_app() {
  mkdir -p "$1/$2"
  printf '%s of %s\n' "$2" "$E2E_REPOSITORY" >"$1/$2/app.txt"
  printf 'FROM shipit-e2e/base:1\nCOPY app.txt /app/\n' >"$1/$2/Dockerfile"
  if [ -n "${3:-}" ]; then
    head -c "$3" /dev/urandom >"$1/$2/big"
    printf 'COPY big /app/\n' >>"$1/$2/Dockerfile"
  fi
}

# make_shop FOLDER: eight apps; the manifest's head comes from standard input, in TOML.
make_shop() {
  mkdir -p "$1"
  cat >"$1/apphost.toml"
  local app
  for app in "${APPS[@]}"; do
    make_app "$1" "$app"
    printf '\n[apps.%s]\nkind = "dockerfile"\ncontext = "./%s"\n' "$app" "$app" >>"$1/apphost.toml"
  done
}

# make_yaml_shop FOLDER: the same in YAML.
make_yaml_shop() {
  mkdir -p "$1"
  cat >"$1/apphost.yaml"
  printf 'apps:\n' >>"$1/apphost.yaml"
  local app
  for app in "${APPS[@]}"; do
    make_app "$1" "$app"
    printf '  %s:\n    kind: dockerfile\n    context: ./%s\n' "$app" "$app" >>"$1/apphost.yaml"
  done
}

# The head of a manifest with the open registry.
open_registry() {
  printf 'name = "shop"\n\n[registries.main]\nkind = "oci"\nendpoint = "%s"\nrepository = "%s"\n' \
    "$SHIPIT_E2E_REGISTRY" "$E2E_REPOSITORY"
}
