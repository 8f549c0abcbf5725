"""Too much, or what would steer a terminal; clocks that are wrong."""

import gzip

from harness import MANIFEST, RUN, UPLOADS, answer, case, check, error

def bounded(w, status, *texts):
    result = w.expect(status, *texts)
    check(result.rss < 64, f"{result.rss:.0f} MB")
    return result


@case("exit 1, < 64 MB")
def r36_huge_error(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "flood": 300_000_000, "status": 400}])
    bounded(w, 1)


@case("exit 1, < 64 MB")
def r36_huge_token(w):
    w.start([{"path": "^/token", "nth": "all", "flood": 300_000_000}], login={})
    bounded(w, 1, "token server")


@case("exit 1, escaped")
def r37_escapes(w):
    nasty = "a\u001b]0;owned\u0007 \u202eevil"
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": answer(400, error("UNSUPPORTED", nasty), Warning='299 - "\\x1b[31m"')}])
    result = w.expect(1, "400", "\\u{1b}", "\\u{202e}")
    check("\u202e" not in result.text and "\u0007" not in result.text, "a control character is shown")


@case("exit 0")
def r38_token_cut(w):
    w.start(login={}, rules=[{"path": "^/token", "flood": 0}])
    w.proxy.set_rules([{"path": "^/token", "answer": {"status": 200, "body": '{"tok', "headers": {"Content-Length": "100"}, "read": False}}])
    w.expect(0)


@case("exit 4, ended early")
def r38_token_cut_always(w):
    w.start(login={})
    w.proxy.set_rules([{"path": "^/token", "nth": "all", "answer": {"status": 200, "body": '{"tok', "headers": {"Content-Length": "100"}, "read": False}}])
    w.expect(4, "ended early", "6 tries")


@case("exit 0")
def r39_clocks(w):
    for number, expires in enumerate([0, -1, 1e18]):
        w.repository = f"{RUN}/clocks-{number}"
        w.start([{"path": "^/v2/", "nth": "all", "headers": {"Date": "Mon, 01 Jan 2001 00:00:00 GMT"}}], login={"token": {"expires_in": expires, "issued_at": "2001-01-01T00:00:00Z"}})
        w.expect(0)



@case("exit 0 or 1, < 64 MB")
def r36_huge_manifest(w):
    w.start()
    w.expect(0)
    # What is asked for by the next run: no digest in the answer to HEAD, so that all of it is read.
    w.proxy.set_rules([
        {"method": "HEAD", "path": MANIFEST, "nth": "all", "answer": answer(200)},
        {"method": "GET", "path": MANIFEST, "nth": "all", "flood": 50_000_000},
    ])
    bounded(w, 1, "larger than 4096 KiB")


@case("exit 1, < 64 MB: what is packed stays packed")
def r36_gzip_bomb(w):
    bomb = gzip.compress(bytes(100_000_000)).decode("latin-1")
    head = "HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n{}"
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "raw": head.format("400 Bad Request", len(bomb), bomb)}])
    bounded(w, 1, "400")
    w.repository += "-token"
    w.start(login={})
    w.proxy.set_rules([{"path": "^/token", "nth": "all", "raw": head.format("200 OK", len(bomb), bomb)}])
    bounded(w, 1, "token server")
