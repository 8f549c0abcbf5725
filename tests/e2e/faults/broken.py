"""Errors that pass, connections that break, silence."""

import time

from harness import BLOB, CONTENT, MANIFEST, THROTTLED, UPLOADS, answer, case, check, last_words

@case("exit 0 each: HEAD, POST, PUT, manifest, token, /v2/")
def r10_500_once(w):
    broken = answer(500, "oops")
    w.start(
        [
            {"method": "HEAD", "path": BLOB, "answer": broken},
            {"method": "POST", "path": UPLOADS, "answer": broken},
            {"method": "PUT", "path": CONTENT, "answer": broken},
            {"method": "PUT", "path": MANIFEST, "answer": broken},
            {"method": "GET", "path": "^/token", "answer": broken},
            {"method": "GET", "path": "/v2/$", "answer": broken},
        ],
        login={},
    )
    w.expect(0)


@case("exit 0, no HTML")
def r11_web_page_once(w):
    w.start([{"method": "POST", "path": UPLOADS, "answer": answer(502, "<html>Bad Gateway</html>", Content_Type="text/html")}])
    w.expect(0, "502", lacks=["<html"])


@case("exit 4 with 503, no HTML")
def r11_503_for_ever(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": answer(503, "<html>busy</html>", Content_Type="text/html")}])
    w.expect(4, "503", w.host, "6 tries", lacks=["<html"])


@case("exit 0, blob whole")
def r12_reset_in_content(w):
    w.start([{"method": "PUT", "path": CONTENT, "after": 100_000, "cut": "reset"}])
    w.expect(0)


@case("exit 4, 6 tries")
def r13_reset_always(w):
    w.start([{"method": "PUT|PATCH", "path": "/blobs/uploads/", "nth": "all", "after": 100_000, "cut": "reset"}])
    w.expect(4, "6 tries", w.host)
    big = [record for record in w.requests("PUT", "/blobs/uploads/") + w.requests("PATCH", "/blobs/uploads/") if record["received"] == 100_000]
    check(len(big) <= 6, f"{len(big)} tries")
    check(not w.requests("PUT", MANIFEST), "the manifest was put")


@case("exit 0")
def r14_closed_without_answer(w):
    w.start([
        {"method": "POST", "path": UPLOADS, "cut": "close"},
        {"method": "PUT", "path": CONTENT, "cut": "close"},
        {"method": "PUT", "path": MANIFEST, "cut": "close"},
    ])
    w.expect(0)


@case("exit 0, no hang")
def r15_early_answer(w):
    w.start([{"method": "PUT", "path": CONTENT, "answer": {**THROTTLED, "read": False}}], layer=8_000_000)
    result = w.expect(0)
    check(result.seconds < 30, f"took {result.seconds:.0f} s")


@case("exit 4 after 60 s of silence, retried", slow=True)
def r16_stall(w):
    w.start([{"method": "PUT|PATCH", "path": "/blobs/uploads/.+", "nth": "1-", "after": 100_000, "stall": 300}])
    began = time.time()
    process = w.spawn()
    try:
        while time.time() - began < 100 and b"no progress for" not in (w.folder / "err0").read_bytes():
            time.sleep(0.5)
    finally:
        process.kill()
        process.wait()
    text = (w.folder / "err0").read_text()
    check("no progress for 6" in text, "no word of the silence")
    check("(1/6)" in text, "not retried")


@case("names the token server's host", slow=True)
def r17_silent_token_server(w):
    w.start([{"path": "^/token", "stall": 300}], login={})
    w.expect(0, "no progress for 60 s at the token server", w.host)


@case("exit 0, no idle timeout, progress is said", slow=True)
def r18_slow_line(w):
    w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "pace": 400_000}], layer=30_000_000)
    result = w.push(limit=300)
    check(result.status == 0, last_words(result.text))
    check("no progress" not in result.text and result.text.count(" of ") > 5, "no progress is shown")
    check(result.rss < 64, f"{result.rss:.0f} MB")


