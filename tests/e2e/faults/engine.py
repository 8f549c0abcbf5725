"""An engine that goes away, has no room, or may not be asked; output of builds without end or shame."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from harness import CONTENT, Failed, check, case, context

BUSYBOX = shutil.which("busybox", path=os.environ["PATH"] + ":/usr/sbin:/sbin")


class Engine:
    """An engine of a case's own, which may be broken."""

    def __init__(self, size=None):
        # A socket's path must be short.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shipit-engine-"))
        self.data, self.process = self.folder / "data", None
        self.data.mkdir()
        if size:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.data], check=True)
        (self.folder / "daemon.json").write_text("{}")
        self.address = f"unix://{self.folder}/docker.sock"
        self.start()

    def start(self):
        words = ["dockerd", "--host", self.address, "--pidfile", self.folder / "pid", "--data-root", self.data]
        words += ["--exec-root", self.folder / "run", "--config-file", self.folder / "daemon.json"]
        words += ["--bridge", "none", "--iptables=false", "--ip6tables=false"]
        (self.folder / "pid").unlink(missing_ok=True)
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + 60
        while subprocess.run(["docker", "--host", self.address, "version"], capture_output=True).returncode:
            if time.monotonic() > end or self.process.poll() is not None:
                raise Failed(f"the engine does not start: {(self.folder / 'log').read_text()[-300:]}")
            time.sleep(0.1)

    def ask(self, *words):
        return subprocess.run(["docker", "--host", self.address, *words], capture_output=True, text=True).stdout

    def kill(self):
        self.process.kill()
        self.process.wait()
        # It leaves its own containerd running, and does not always start again beside it.
        for pid in (self.folder / "run").rglob("containerd.pid"):
            try:
                os.kill(int(pid.read_text()), signal.SIGKILL)
            except (OSError, ValueError):
                pass
        time.sleep(0.5)
        # Else the next one waits for it, where nobody reaps what has ended.
        shutil.rmtree(self.folder / "run/containerd", ignore_errors=True)

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        # What was mounted for its containers.
        for line in reversed(pathlib.Path("/proc/mounts").read_text().splitlines()):
            if line.split(" ")[1].startswith(f"{self.folder}/"):
                subprocess.run(["umount", "--lazy", line.split(" ")[1]], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def with_engine(w, size=None):
    engine = Engine(size)
    w.closing.append(engine.close)
    w.environment["DOCKER_HOST"] = engine.address
    return engine


def said(w, process, text, patience=60):
    """Waits until the program says this."""
    end = time.monotonic() + patience
    while text not in (w.folder / f"err{len(w.results)}").read_text(errors="replace"):
        check(time.monotonic() < end and process.poll() is None, f"`{text}` is not said")
        time.sleep(0.02)


def run_in_build(w, app, script):
    """Makes an app whose build runs a script of busybox's shell."""
    context(w.folder / app, app, 1000)
    shutil.copy(BUSYBOX, w.folder / app / "busybox")
    (w.folder / app / "script").write_text(script)
    lines = ["FROM scratch", "COPY busybox script /bin/", 'RUN ["/bin/busybox", "sh", "/bin/script"]']
    (w.folder / app / "Dockerfile").write_text("\n".join(lines) + "\n")


@case("exit 1 names the engine, what was pushed is kept", slow=True)
def r46_engine_killed_in_a_build(w):
    engine = with_engine(w)
    w.start(apps=2)
    run_in_build(w, "app0", "echo building; /bin/busybox sleep 60")
    process = w.spawn()
    said(w, process, "building")
    said(w, process, "[push-app1] done")
    engine.kill()
    w.compare(w.wait(process), 1, "build-app0: cannot build the image: the engine closed the connection", "1 failed")
    (w.folder / "app0/script").write_text("true")
    engine.start()


@case("exit 0 or 4, the rerun is whole", slow=True)
def r47_engine_killed_in_a_push(w):
    engine = with_engine(w)
    w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "pace": 4_000_000}], apps=2, layer=6_000_000)
    process = w.spawn()
    end = time.monotonic() + 60
    while not w.requests("PUT", CONTENT):
        check(time.monotonic() < end and process.poll() is None, "nothing was sent")
        time.sleep(0.01)
    engine.kill()
    engine.start()
    result = w.wait(process)
    check(result.status in (0, 4), f"exit {result.status}")


@case("exit 3, the docker group", slow=True)
def r49_engine_denied(w):
    engine = with_engine(w)
    w.start()
    os.chmod(engine.folder, 0o755)
    os.chmod(engine.folder / "docker.sock", 0o600)
    for folder in [w.folder, *w.folder.rglob("*")]:
        os.chown(folder, 65534, 65534)
    # The program may lie where only its owner may look.
    place = pathlib.Path(tempfile.mkdtemp(prefix="shipit-faults-"))
    w.closing.append(lambda: shutil.rmtree(place))
    os.chmod(place, 0o755)
    shutil.copy(os.environ["SHIPIT"], place / "shipit")
    shutil.copytree(w.folder, place / "shop")
    for folder in [place / "shop", *(place / "shop").rglob("*")]:
        os.chown(folder, 65534, 65534)
    words = [str(place / "shipit"), "do", "push", "-f", str(place / "shop/apphost.toml"), "--progress", "plain"]
    found = subprocess.run(
        words, cwd=place / "shop", env={**w.variables(), "HOME": "/"}, user=65534, group=65534, extra_groups=[],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )
    w.said = f"exit {found.returncode}"
    check(found.returncode == 3, f"{found.returncode}: {found.stderr}")
    check("permission denied" in found.stderr and "`docker` group" in found.stderr, found.stderr)


@case("exit 1, the engine's words, the rest is pushed", slow=True)
def r51_engine_full(w):
    with_engine(w, size="40m")
    w.start(apps=2)
    run_in_build(w, "app0", "dd if=/dev/zero of=/big bs=1M count=60")
    w.expect(1, "[build-app0]", "o space left on device", "[push-app1] done")
    (w.folder / "app0/script").write_text("true")


@case("exit 0, < 64 MB, every line in the log file", slow=True)
def r56_build_without_end(w):
    w.start()
    run_in_build(w, "web", f"echo {w.name} {time.time()}; yes 0123456789 | head -n 1000000; yes | tr -d '\\n' | head -c 200000000; echo; echo the end")
    result = w.wait(w.spawn(f"do push --log-file {w.folder}/log"), 400)
    check(result.status == 0, f"exit {result.status}")
    check(result.rss < 64, f"{result.rss:.0f} MB")
    lines = sum(1 for line in open(w.folder / "log", errors="replace") if "0123456789" in line)
    w.said = f"{lines} lines in the file"
    # The engine's builder cuts what a step prints at 2 MiB, and says so.
    check(lines >= 1_000_000 or "output clipped" in (w.folder / "log").read_text(errors="replace"), w.said)


@case("exit 0, cleaned on the terminal, escaped in the file")
def r57_build_that_prints_anything(w):
    w.start()
    nasty = "\\033]0;owned\\007 \\033[31mred \\0 \\377\\376 \\342\\200\\256evil"
    run_in_build(w, "web", f"printf '{nasty}\\n10%%\\r20%%\\r30%%\\n'; echo {time.time()}")
    result = w.expect(0, "evil", words=f"do push --log-file {w.folder}/log")
    log = (w.folder / "log").read_bytes()
    for stray in (b"\x1b", b"\x07", b"\x00", "\u202e".encode(), b"\xff"):
        check(stray not in log and stray not in result.text.encode(), f"{stray!r} is shown")
    log.decode()


@case("publish < 2 s, push < 256 files, rerun sends nothing", slow=True)
def r58_a_thousand_apps(w):
    w.start()
    lines = (w.folder / "apphost.toml").read_text().split("[apps.web]")[0]
    w.apps = [f"app{number}" for number in range(1000)]
    for number, app in enumerate(w.apps):
        lines += f'[apps.{app}]\nkind = "dockerfile"\ncontext = "./web"\nbuild-args = {{ NUMBER = "{number % 5}" }}\nenvironment = "box"\n'
    lines += '[environments.box]\nkind = "docker-compose"\n'
    w.manifest(lines)
    (w.folder / "web/Dockerfile").write_text("FROM scratch\nCOPY app.txt /app.txt\nARG NUMBER\nENV NUMBER=$NUMBER\n")
    published = w.wait(w.spawn(f"publish --output {w.folder}/published"))
    check(published.status == 0, published.text[-300:])
    check(published.seconds < 2, f"published in {published.seconds:.1f} s")
    process, files = w.spawn(), 0
    while process.poll() is None:
        try:
            files = max(files, len(os.listdir(f"/proc/{process.pid}/fd")))
        except OSError:
            pass
        time.sleep(0.05)
    result = w.wait(process)
    w.said = f"published in {published.seconds:.1f} s, {files} files open"
    check(result.status == 0, result.text[-300:])
    check(files < 256, f"{files} files open")
    w.proxy.log.clear()
    w.expect(0)
    check(not any(record["method"] in ("PUT", "POST", "PATCH") for record in w.proxy.log), "something was sent again")
