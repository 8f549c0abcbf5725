# Ctrl-C while a step of the user's own runs: it may tidy up, and is killed by the second one.
{
  open_registry
  printf '\n[steps.polite]\nrun = ["sh", "-c", """%s"""]\n' \
    'trap "sleep 0.3; echo tidy >told; exit 1" TERM; echo working; while :; do sleep 0.1; done'
  printf '\n[steps.deaf]\nrun = ["sh", "-c", "trap : TERM; echo working; while :; do sleep 0.1; done; : deaf-%s"]\n' "$$"
} >apphost.toml

stop() { # STEP SIGNAL… → exit status
  local step=$1
  shift
  touch err
  python3 - "$step" "$@" <<'PYTHON'
import os, signal, subprocess, sys, time
step, *signals = sys.argv[1:]
with open("out", "w") as out, open("err", "w") as err:
    process = subprocess.Popen([os.environ["SHIPIT"], "do", step, "--progress", "plain"], stdin=subprocess.DEVNULL,
        stdout=out, stderr=err, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
end = time.monotonic() + 60
while f"[{step}] working" not in open("err").read():
    assert time.monotonic() < end and process.poll() is None, open("err").read()
    time.sleep(0.02)
began = time.monotonic()
for name in signals:
    process.send_signal(signal.Signals[name])
    time.sleep(0.2)
status = process.wait(timeout=30)
assert time.monotonic() - began < 5, "it took too long to stop"
print(status)
PYTHON
}

status=$(stop polite SIGINT) || fail "no interruption"
cat err
expect_status 130
contains told tidy
contains err "cancelled"
lacks err "✘"

status=$(stop deaf SIGHUP) || fail "no interruption"
expect_status 129
status=$(stop deaf SIGTERM SIGTERM) || fail "no interruption"
expect_status 143
for file in /proc/[0-9]*/cmdline; do
  if tr '\0' ' ' <"$file" 2>/dev/null | grep -q "deaf-$$\b"; then
    words=$(tr '\0' ' ' <"$file")
    case $words in *"while :"*) fail "the step still runs: $words" ;; esac
  fi
done
