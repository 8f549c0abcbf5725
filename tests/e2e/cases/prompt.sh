# A secret is asked for on the terminal without being shown; Ctrl-C there leaves a terminal that echoes.
{
  printf '[params]\npassword = { secret = true }\n[steps.greet]\nrun = ["true"]\n'
  printf 'env = { PASSWORD = "$<password>" }\n'
} >apphost.toml
python3 - <<'PYTHON' || fail "the prompt"
import os, pty, signal, subprocess, termios, time

def ask(act):
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(os.environ["SHIPIT"], ["shipit", "do", "greet"])
    out = b""
    while b"password: " not in out:
        out += os.read(fd, 4096)
    end = time.monotonic() + 10
    while termios.tcgetattr(fd)[3] & termios.ECHO:
        assert time.monotonic() < end, "what is typed would be shown"
    act(pid, fd)
    _, status = os.waitpid(pid, 0)
    assert termios.tcgetattr(fd)[3] & termios.ECHO, "the terminal does not echo any more"
    os.set_blocking(fd, False)
    try:
        while True:
            piece = os.read(fd, 4096)
            if not piece:
                break
            out += piece
    except OSError:
        pass
    return os.waitstatus_to_exitcode(status), out.decode()

status, out = ask(lambda pid, fd: os.write(fd, b"\x03"))
assert status == 130, (status, out)
for name, expected in (("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)):
    status, out = ask(lambda pid, fd: os.kill(pid, signal.Signals[name]))
    assert status == expected, (status, out)
status, out = ask(lambda pid, fd: os.write(fd, b"hunter2secret\n"))
assert status == 0 and "hunter2" not in out, (status, out)
PYTHON
contains .shipit/state/default.json hunter2secret # typed once, not asked for again
equal "$(stat -c %a .shipit/state/default.json)" 600 "the mode of what was typed"
equal "$(cat .shipit/.gitignore)" "*" "what git ignores"
shipit do greet
expect_status 0
