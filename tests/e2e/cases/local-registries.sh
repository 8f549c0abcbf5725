# The life of local registries: two projects at once, a killed server, a removed folder, pipes.
for project in one two; do
  make_app "$project" web
  printf 'name = "%s"\n[registries.here]\nkind = "local"\n[apps.web]\nkind = "dockerfile"\ncontext = "./web"\n' \
    "$project" >"$project/apphost.toml"
done
trap 'for project in one two; do "$SHIPIT" registry stop -f $project/apphost.toml 2>/dev/null || true; done' EXIT

"$SHIPIT" do push -f one/apphost.toml --progress plain >one.out 2>one.err </dev/null &
first=$!
shipit do push -f two/apphost.toml --progress plain
expect_status 0
wait "$first" || fail "the other project failed: $(cat one.err)"
for project in one two; do
  [ "$project" = two ] || cp one.out out
  read -r _ reference digest <out
  check_pull "$reference" "$digest"
done

# What was started holds no pipe of the caller's, and no lock of the project's.
shipit registry stop -f one/apphost.toml
expect_status 0
timeout 60 python3 - <<'PYTHON' || fail "a caller that waits for the end of the output hangs"
import os, subprocess
run = [os.environ["SHIPIT"], "do", "push", "-f", "one/apphost.toml"]
subprocess.run(run, capture_output=True, stdin=subprocess.DEVNULL, check=True, timeout=50)
PYTHON

pid_of() { "$SHIPIT" registry status -f one/apphost.toml --format json | python3 -c 'import json, sys; print(json.load(sys.stdin)["pid"])'; }
kill -9 "$(pid_of)"
shipit do push -f one/apphost.toml --progress plain
expect_status 0

# `rm -rf .shipit` loses nothing but time: the server of what is gone ends by itself.
sed -i "s/^kind = \"local\"/&\nport = $(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')/" one/apphost.toml
shipit registry stop -f one/apphost.toml
shipit do push -f one/apphost.toml --progress plain
expect_status 0
server=$(pid_of)
rm -rf one/.shipit
shipit do push -f one/apphost.toml --progress plain
expect_status 0
for _ in $(seq 60); do
  # A zombie, which nobody waits for in a container, has no command line any more.
  [ -s "/proc/$server/cmdline" ] && [ "$(tr -d '\0' <"/proc/$server/cmdline" 2>/dev/null)" ] || exit 0
  sleep 0.1
done
fail "the server of the removed folder still runs"
