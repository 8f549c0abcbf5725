"""What the cases share: a registry that misbehaves, the program in front of it, what it must not do."""

import base64
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/support"))
from faultproxy import Proxy  # noqa: E402

USER = "deployer"
PASSWORD = "hunter2'\"$%& /+\u00e9"
RUN = f"faults-{os.getpid()}-{int(time.time())}"
WORK = ROOT / "target/faults"
LAYER = 400_000

UPLOADS = r"/blobs/uploads/$"
CONTENT = r"/blobs/uploads/.+digest=sha256"
BLOB = r"/blobs/sha256"
MANIFEST = r"/manifests/"
# By name: what is expected, whether it takes long, what to do.
DECLARED = {}


class Failed(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Failed(text)


def case(expected, slow=False):
    def declare(function):
        DECLARED[function.__name__] = (expected, slow, function)
        return function

    return declare


def answer(status, body="", **headers):
    return {"status": status, "body": body, "headers": {name.replace("_", "-"): str(value) for name, value in headers.items()}}


def error(code, message):
    return {"errors": [{"code": code, "message": message}]}


THROTTLED = answer(429, error("TOOMANYREQUESTS", "slow down"))


def upstream():
    return int(os.environ["SHIPIT_E2E_REGISTRY"].rsplit(":", 1)[1])


class Result:
    def __init__(self, status, out, err, seconds, rss):
        self.status, self.text, self.seconds, self.rss = status, out + err, seconds, rss


class World:
    """One case: a folder with a manifest, a registry of its own behind a proxy of its own."""

    def __init__(self, name):
        self.name, self.folder = name, WORK / name
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "home").mkdir(parents=True)
        self.repository = f"{RUN}/{name.replace('_', '-')}"
        self.proxy, self.others, self.results, self.environment = None, [], [], {}
        self.apps, self.said, self.ended, self.closing = ["web"], "", 0, []

    def start(self, rules=(), login=None, apps=1, layer=LAYER, manifest="", host="localhost", password=PASSWORD, **options):
        if login is not None:
            login = {"user": USER, "password": PASSWORD, **login}
        if self.proxy:
            self.proxy.close()
        self.proxy = Proxy(upstream(), rules, login, **options)
        self.host = f"{host}:{self.proxy.port}"
        self.apps = ["web"] if apps == 1 else [f"app{number}" for number in range(apps)]
        lines = ['name = "shop"']
        if login:
            lines += ["[params]", "password = { secret = true }"]
            self.environment["Parameters__password"] = password
        lines += ["[registries.main]", 'kind = "oci"', f'endpoint = "{self.host}"', f'repository = "{self.repository}"']
        if login:
            lines += [f'username = "{USER}"', 'password = "$<password>"']
        lines.append(manifest)
        for app in self.apps:
            lines += [f"[apps.{app}]", 'kind = "dockerfile"', f'context = "./{app}"']
            context(self.folder / app, app, layer)
        (self.folder / "apphost.toml").write_text("\n".join(lines) + "\n")
        return self

    def manifest(self, text):
        """A manifest that pushes nothing."""
        (self.folder / "apphost.toml").write_text(text)

    def command(self, words="do push"):
        progress = ["--progress", "plain"] if words.startswith("do ") else []
        return [os.environ["SHIPIT"], *words.split(), "-f", str(self.folder / "apphost.toml"), *progress]

    def variables(self):
        home = {"HOME": str(self.folder / "home"), "DOCKER_CONFIG": str(self.folder / "home/.docker")}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("Parameters__") and name not in ("GITHUB_ACTIONS", "CI")}
        return {**kept, **home, **self.environment}

    def spawn(self, words="do push", **options):
        """Starts the program; what it prints goes to `out` and `err` with the number of the run."""
        number = len(self.results)
        out, err = (open(self.folder / f"{stream}{number}", "wb") for stream in ("out", "err"))
        with out, err:
            streams = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": err, **options}
            return subprocess.Popen(self.command(words), cwd=self.folder, env=self.variables(), **streams)

    def push(self, limit=120):
        return self.wait(self.spawn(), limit)

    def wait(self, process, limit=120):
        began, number = time.time(), len(self.results)
        rss = 0
        while process.poll() is None:
            rss = max(rss, peak(process.pid))
            if time.time() - began > limit:
                process.kill()
                raise Failed(f"still ran after {limit} s")
            time.sleep(0.01)
        self.ended = time.time()
        out, err = ((self.folder / f"{stream}{number}").read_bytes() for stream in ("out", "err"))
        self.harmless(out + err)
        result = Result(process.returncode, out.decode(), err.decode(), self.ended - began, rss / 1024)
        self.results.append(result)
        return result

    def expect(self, status, *texts, lacks=(), words="do push", **options):
        result = self.wait(self.spawn(words, **options))
        self.compare(result, status, *texts, lacks=lacks)
        return result

    def compare(self, result, status, *texts, lacks=()):
        check(result.status == status, f"exit {result.status}, not {status}: {last_words(result.text)}")
        for text in texts:
            check(text in result.text, f"`{text}` is not said: {last_words(result.text)}")
        for text in lacks:
            check(text not in result.text, f"`{text}` is said")

    def harmless(self, output):
        check(b"panicked" not in output, "a panic")
        check(b"\x1b" not in output, "an escape byte in the output")
        tokens = list(self.proxy.tokens) if self.proxy else []
        for proxy in self.others:
            tokens += proxy.tokens
        for secret in [PASSWORD, f"{USER}:{PASSWORD}", *tokens]:
            for form in forms(secret):
                check(form not in output, "a secret in the output")
                for file in (self.folder / ".shipit").rglob("*"):
                    check(not file.is_file() or form not in file.read_bytes(), f"a secret in {file.name}")

    def requests(self, method, path, status=None):
        return [
            record
            for record in self.proxy.log
            if record["method"] == method and re.search(path, record["path"]) and status in (None, record["status"])
        ]

    def gaps(self, method, path):
        times = [record["at"] for record in self.requests(method, path)]
        return [later - earlier for earlier, later in zip(times, times[1:])]

    def since_first(self, *statuses):
        """Seconds from the first of these answers to the program's end."""
        first = next(record for record in self.proxy.log if record["status"] in statuses)
        return self.ended - first["at"]

    def finish(self):
        """Without the fault the same command succeeds, and the registry has all of every image."""
        if not self.proxy:
            return
        self.proxy.set_rules([])
        if self.proxy.login:
            self.environment["Parameters__password"] = PASSWORD
            for name in ("uses", "life", "realm"):
                self.proxy.login.pop(name, None)
        result = self.push()
        check(result.status == 0, f"the rerun ends with {result.status}: {last_words(result.text)}")
        self.whole()

    def whole(self):
        """The registry has every blob of every image, and each is what its digest says."""
        state = json.loads((self.folder / ".shipit/images.json").read_text())
        for app in self.apps:
            digest = state["images"][app][0]["digest"]
            manifest = json.loads(content(f"{self.repository}/{app}/manifests/{digest}", digest))
            check(content(f"{self.repository}/{app}/manifests/latest", digest), "the tag")
            for blob in [manifest["config"], *manifest["layers"]]:
                content(f"{self.repository}/{app}/blobs/{blob['digest']}", blob["digest"])

    def close(self):
        for close in reversed(self.closing):
            close()
        for proxy in [self.proxy, *self.others]:
            if proxy:
                lines = [json.dumps({**record, "authorization": bool(record.get("authorization"))}) for record in proxy.log]
                (self.folder / "requests").write_text("".join(line + "\n" for line in lines))
                proxy.close()


def context(folder, app, layer):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.txt").write_text(f"{app}\n")
    # The same bytes every time: the engine builds each image once.
    block = b"".join(hashlib.sha256(f"{number}".encode()).digest() for number in range(4096))
    with open(folder / "big", "wb") as file:
        for number in range(layer // len(block) + 1):
            rest = min(len(block), layer - number * len(block))
            file.write(hashlib.sha256(str(number).encode()).digest() + block[32:rest] if rest > 32 else block[:rest])
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY big /big\nCOPY app.txt /app.txt\n")


def content(path, digest):
    """What the registry itself has there, which must have this digest."""
    accept = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
    request = urllib.request.Request(f"http://127.0.0.1:{upstream()}/v2/{path}", headers={"Accept": accept})
    try:
        found = urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as failure:
        raise Failed(f"the registry lacks {path}: {failure}") from failure
    check("sha256:" + hashlib.sha256(found).hexdigest() == digest, f"{path} is damaged")
    return found


def forms(secret):
    """A secret as it may show up: plain, base64, URL, JSON, shell, hexadecimal."""
    plain = secret.encode()
    texts = [secret, base64.b64encode(plain).decode(), urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1], shlex.quote(secret), plain.hex()]
    return {text.encode() for text in texts}


def peak(pid):
    """The most memory that a process had so far, in KiB."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


def last_words(text):
    lines = [line.strip() for line in text.splitlines() if "error" in line or "failed" in line or "cannot" in line]
    return " / ".join(lines[-2:])[:400] or text[-200:].replace("\n", " / ")


def far_engine(w):
    """The engine as if it were on another machine: its folders cannot be read, layers are exported."""
    near = socket.create_server(("127.0.0.1", 0), backlog=128)
    path = os.environ["DOCKER_HOST"].removeprefix("unix://")

    def pump(source, target):
        try:
            while data := source.recv(1 << 18):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # Who goes away on one side goes away on the other.
            for end in (source, target):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def accept():
        while True:
            try:
                link, _ = near.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(path)
            for pair in ((link, far), (far, link)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    w.closing.append(near.close)
    w.environment["DOCKER_HOST"] = f"tcp://127.0.0.1:{near.getsockname()[1]}"
