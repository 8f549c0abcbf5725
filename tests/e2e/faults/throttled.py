"""A registry that says: too many requests."""

import calendar
import email.utils
import time

from harness import BLOB, CONTENT, MANIFEST, THROTTLED, UPLOADS, answer, case, check, error

@case("exit 0, waits 2 s, says so once")
def r01_retry_after(w):
    w.start([{"method": "POST", "path": UPLOADS, "answer": {**THROTTLED, "headers": {"Retry-After": "2"}}}])
    result = w.expect(0, "throttled, waiting 2 s (1/6)")
    check(result.text.count("throttled") == 1, "said more than once")
    posts = w.requests("POST", UPLOADS)
    gap = posts[-1]["at"] - posts[0]["at"]
    check(2 <= gap < 3, f"waited {gap:.2f} s")


@case("exit 0, waits about 0.5 s")
def r02_throttled_once(w):
    w.start([{"method": "PUT", "path": MANIFEST, "answer": THROTTLED}])
    w.expect(0)
    (gap,) = w.gaps("PUT", MANIFEST)
    check(0.25 <= gap < 1.2, f"waited {gap:.2f} s")


@case("exit 0, waits grow")
def r03_throttled_thrice(w):
    w.start([{"method": "PUT", "path": MANIFEST, "nth": "1-3", "answer": THROTTLED}])
    w.expect(0)
    gaps = w.gaps("PUT", MANIFEST)
    check(len(gaps) == 3 and sorted(gaps) == gaps, f"{gaps}")


@case("exit 4; host, tries, seconds, rerun is safe")
def r04_throttled_for_ever(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": THROTTLED}])
    result = w.expect(4, w.host, "6 tries in ", "run the same command again")
    check(result.seconds < 60, f"took {result.seconds:.0f} s")


@case("exit 4 at once: asks to wait 1 h")
def r05_an_hour(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": {**THROTTLED, "headers": {"Retry-After": "3600"}}}])
    w.expect(4, "asks to wait 1 h", lacks=["waiting"])
    check(w.since_first(429) < 1.5, f"took {w.since_first(429):.1f} s")


@case("exit 0, waits until the date; a past date is none")
def r06_date(w):
    soon = email.utils.formatdate(time.time() + 6, usegmt=True)
    past = email.utils.formatdate(calendar.timegm((2001, 1, 1, 0, 0, 0)), usegmt=True)
    w.start([
        {"method": "PUT", "path": MANIFEST, "answer": {**THROTTLED, "headers": {"Retry-After": soon}}},
        {"method": "HEAD", "path": BLOB, "answer": {**THROTTLED, "headers": {"Retry-After": past}}},
    ])
    w.expect(0)
    (gap,) = w.gaps("PUT", MANIFEST)
    put = w.requests("PUT", MANIFEST)
    check(put[-1]["at"] >= calendar.timegm(email.utils.parsedate(soon)) - 0.5 or gap >= 0.25, f"waited {gap:.1f} s")


@case("exit 0 whatever the body")
def r07_other_words(w):
    w.start([
        {"method": "POST", "path": UPLOADS, "nth": 1, "answer": answer(429, "<html><h1>Too many</h1></html>", Content_Type="text/html")},
        {"method": "PUT", "path": CONTENT, "nth": 1, "answer": answer(429)},
        {"method": "PUT", "path": MANIFEST, "nth": 1, "answer": answer(429, error("CUSTOM", "my own words"))},
    ])
    w.expect(0, lacks=["<html>"])


@case("exit 0, <= 4 at once, nothing sent twice", slow=True)
def r09_every_third_write(w):
    w.start([{"method": "POST|PUT|PATCH", "path": "/v2/", "every": 3, "answer": THROTTLED}], apps=20)
    w.expect(0)
    spans = sorted((record["at"], record["end"]) for record in w.proxy.log)
    most = max(sum(1 for other in spans if other[0] <= span[0] < other[1]) for span in spans)
    check(most <= 4, f"{most} requests at once")
    done = [record["path"].split("?")[0] for record in w.requests("PUT", MANIFEST, 201)]
    check(len(done) == len(set(done)), "a manifest was put twice")
    sent = [record["path"].split("digest=")[1] for record in w.requests("PUT", CONTENT, 201)]
    check(len(sent) == len(set(sent)), "a blob was sent twice")


