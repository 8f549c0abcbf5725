"""Tokens that die, wrong passwords, and whom credentials are given to."""

import json
import os
import shutil

from harness import CONTENT, MANIFEST, PASSWORD, UPLOADS, USER, Proxy, answer, case, check, error, upstream

@case("exit 0")
def r27_token_dies_after_3_uses(w):
    w.start(login={"uses": 3})
    w.expect(0)


@case("exit 0", slow=True)
def r27_token_dies_in_upload(w):
    w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "pace": 400_000}], login={"life": 2}, layer=4_000_000)
    w.expect(0)


@case("exit 0")
def r27_401_at_the_content(w):
    challenge = 'Bearer realm="http://{host}/token",service="test"'
    w.start(login={})
    w.proxy.set_rules([{"method": "PUT", "path": CONTENT, "answer": answer(401, WWW_Authenticate=challenge.format(host=w.host))}])
    w.expect(0)


@case("exit 3 in 2 s, <= 2 token calls, names the source")
def r28_wrong_password(w):
    w.start(login={}, password="not-the-right-one")
    w.expect(3, w.host, "password", lacks=["not-the-right-one"])
    check(len(w.requests("GET", "^/token")) <= 2, f"{len(w.requests('GET', '^/token'))} token calls")
    check(w.since_first(401) < 2, f"took {w.since_first(401):.1f} s")


@case("exit 3 for every app, <= 2 token calls")
def r28_wrong_password_many_apps(w):
    w.start(login={}, password="not-the-right-one", apps=3)
    w.expect(3, w.host, lacks=["not-the-right-one"])
    check(len(w.requests("GET", "^/token")) <= 2, f"{len(w.requests('GET', '^/token'))} token calls")


@case("exit 3 in 2 s, names the source")
def r28_wrong_password_basic(w):
    w.start(login={"kind": "basic"}, password="not-the-right-one")
    w.expect(3, w.host, "password", lacks=["not-the-right-one"])
    check(w.since_first(401) < 2, f"took {w.since_first(401):.1f} s")


@case("exit 3, <= 2 token calls")
def r28_401_for_ever(w):
    w.start(login={"uses": 0})
    w.expect(3, w.host)
    check(len(w.requests("GET", "^/token")) <= 2, f"{len(w.requests('GET', '^/token'))} token calls")


@case("exit 3 at once, the registry's words")
def r29_403(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": answer(403, error("DENIED", "not your repository"))}])
    w.expect(3, "403", "not your repository")
    check(w.since_first(403) < 1.5, f"took {w.since_first(403):.1f} s")


@case("exit 1: tag is immutable")
def r30_immutable_tag(w):
    w.start([{"method": "PUT", "path": MANIFEST, "nth": "all", "answer": answer(409, error("TAG_IMMUTABLE", "no"))}])
    w.expect(1, "tag `latest` is immutable at", w.host)


@case("exit 0, already there")
def r30_immutable_and_equal(w):
    w.start()
    w.expect(0)
    shutil.rmtree(w.folder / ".shipit")
    w.proxy.set_rules([{"method": "PUT", "path": MANIFEST, "nth": "all", "answer": answer(409, error("TAG_IMMUTABLE", "no"))}])
    w.expect(0)


@case("exit 3, names both hosts, nothing is sent there")
def r31_realm_elsewhere(w):
    other = Proxy(upstream(), [])
    w.others.append(other)
    w.start(login={"realm": f"http://localhost:{other.port}/token"})
    w.expect(3, w.host, f"localhost:{other.port}")
    check(not other.log, "it was asked")


@case("refused, nothing is sent")
def r32_realm_inside(w):
    w.start(login={"realm": "http://169.254.169.254/token"})
    w.expect(3, w.host, "169.254.169.254")
    check(w.since_first(401) < 2, "it was tried")


@case("refused, or without credentials")
def r33_redirected_elsewhere(w):
    other = Proxy(upstream(), [])
    w.others.append(other)
    w.start(login={})
    w.proxy.set_rules([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": answer(307, Location=f"http://127.0.0.1:{other.port}{{path}}")}])
    w.expect(1, f"127.0.0.1:{other.port}", "plain HTTP")
    check(not any(record["authorization"] for record in other.log), "credentials were sent")


@case("refused, or without credentials")
def r33_session_elsewhere(w):
    other = Proxy(upstream(), [])
    w.others.append(other)
    w.start(login={})
    w.proxy.set_rules([{"method": "POST", "path": UPLOADS, "nth": "all", "headers": {"Location": f"http://127.0.0.1:{other.port}/v2/x"}}])
    w.expect(1, f"127.0.0.1:{other.port}", "plain HTTP")
    check(not any(record["authorization"] for record in other.log), "credentials were sent")


@case("exit 1, <= 5 hops")
def r34_redirects_in_circles(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": answer(307, Location="{path}")}])
    w.expect(1, "redirects more than 5 times")




def helper(w, script):
    """A credential helper of Docker's; the manifest has no password."""
    w.start(login={})
    text = (w.folder / "apphost.toml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith(("username", "password", "[params]"))]
    (w.folder / "apphost.toml").write_text("\n".join(lines) + "\n")
    w.environment = {"PATH": f"{w.folder}:{os.environ['PATH']}"}
    (w.folder / "home/.docker").mkdir(parents=True, exist_ok=True)
    (w.folder / "home/.docker/config.json").write_text(json.dumps({"credHelpers": {w.host: "odd"}}))
    place = w.folder / "docker-credential-odd"
    place.unlink(missing_ok=True)
    if script:
        place.write_text("#!/bin/sh\n" + script)
        place.chmod(0o755)


GOOD = """cat >/dev/null; cat <<'END'
""" + json.dumps({"Username": USER, "Secret": PASSWORD}) + """
END
"""


@case("exit 3 names the helper, its output is not shown")
def r59_helpers_that_fail(w):
    said = PASSWORD.replace("'", "'\\''")
    for script in ("", f"echo '{said}'; exit 1", "head -c 10000000 /dev/zero | tr '\\0' x", f"echo '{said}'"):
        helper(w, script)
        result = w.expect(3, "docker-credential-odd", w.host, lacks=["xxxx"])
        check(result.rss < 64, f"{result.rss:.0f} MB")
    helper(w, GOOD)


@case("exit 3 after 30 s names the helper", slow=True)
def r59_helper_that_hangs(w):
    helper(w, "sleep 300")
    result = w.expect(3, "docker-credential-odd")
    check(result.seconds < 45, f"took {result.seconds:.0f} s")
    helper(w, GOOD)
