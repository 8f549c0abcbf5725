"""Answers that are allowed and rare, and answers that no registry should give."""

from harness import BLOB, CONTENT, MANIFEST, UPLOADS, Proxy, answer, case, check, error, upstream

PAGE = "<html><body>Welcome! Please sign in to the network.</body></html>"


@case("exit 0 after 60 s, though a header came each second", slow=True)
def s01_headers_without_end(w):
    w.start([{"method": "POST", "path": UPLOADS, "raw": "HTTP/1.1 202 Accepted\r\n", "drip": ["X-More: 1\r\n", 1]}])
    result = w.expect(0, "no progress for 60 s")
    check(result.seconds < 80, f"took {result.seconds:.0f} s")


@case("exit 0 after 60 s of early hints", slow=True)
def s02_hints_without_end(w):
    w.start([{"method": "POST", "path": UPLOADS, "raw": "", "drip": ["HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", 0.5]}])
    result = w.expect(0, "no progress for 60 s")
    check(result.seconds < 80, f"took {result.seconds:.0f} s")


@case("exit 1 within 15 s, < 64 MB")
def s03_explanation_without_end(w):
    w.start([{
        "method": "POST", "path": UPLOADS, "nth": "all",
        "raw": "HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n", "drip": ["1\r\n \r\n", 0.3],
    }])
    result = w.expect(1, "400")
    check(result.seconds < 15 and result.rss < 64, f"{result.seconds:.0f} s, {result.rss:.0f} MB")


@case("exit 0 after 64 s of an answer in drops", slow=True)
def s03_answer_without_end(w):
    w.start([{
        "method": "POST", "path": UPLOADS,
        "raw": "HTTP/1.1 202 Accepted\r\nLocation: /x\r\nTransfer-Encoding: chunked\r\n\r\n", "drip": ["1\r\n \r\n", 1],
    }])
    result = w.expect(0, "does not end")
    check(result.seconds < 90, f"took {result.seconds:.0f} s")


@case("exit 1, < 64 MB, no HTML")
def s04_a_hundred_megabytes_of_html(w):
    w.start([{"method": "PUT", "path": MANIFEST, "nth": "all", "flood": 100_000_000, "status": 400}])
    result = w.expect(1, "400", lacks=["[[["])
    check(result.rss < 64, f"{result.rss:.0f} MB")


@case("exit 0: path, query or name only")
def s05_relative_locations(w):
    for number, location in enumerate(["{below}", "{below}&more=a%2Fb", "{last}"]):
        w.repository = f"{w.repository}-{number}"
        w.start([
            {"method": "POST", "path": UPLOADS, "nth": "all", "headers": {"Location": location}},
            {"method": "PUT", "path": CONTENT, "nth": 1, "after": 100_000, "cut": "reset"},
        ])
        w.expect(0)
        w.whole()


@case("exit 0 whatever the range says")
def s06_odd_ranges(w):
    repository = w.repository
    for number, span in enumerate(["0-", "bytes 0-5", "5-0", "-1", "0-18446744073709551615", "0-99999999", "x", "", "bytes=0-0"]):
        w.repository = f"{repository}-{number}"
        w.start([
            {"method": "PUT", "path": CONTENT, "after": 100_000, "cut": "reset"},
            {"method": "GET", "path": "/blobs/uploads/", "nth": "all", "headers": {"Range": span}},
        ])
        w.expect(0)
        w.whole()


@case("exit 1: opened an upload without a Location")
def s07_no_location(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "headers": {"Location": None}}])
    w.expect(1, "without a Location", w.host)


@case("exit 1: another digest; exit 0: another algorithm")
def s08_digests_of_other_kinds(w):
    w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "headers": {"Docker-Content-Digest": "sha256:\u00e9 not hex"}}])
    w.expect(1, "registry answered digest")
    w.repository += "-512"
    w.start([{"method": "PUT", "path": "/v2/", "nth": "all", "headers": {"Docker-Content-Digest": "sha512:" + "ab" * 64}}])
    w.expect(0)


@case("exit 0: nonsense is no wait; exit 4 at once: too long")
def s09_odd_waits(w):
    waits = ["-5", "0", "0.5", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT", "1e3"]
    w.start([
        {"method": "PUT", "path": MANIFEST, "nth": number + 1, "answer": answer(429, Retry_After=wait)} for number, wait in enumerate(waits[:4])
    ] + [
        {"method": "POST", "path": UPLOADS, "nth": number + 1, "answer": answer(503, Retry_After=wait)} for number, wait in enumerate(waits[4:])
    ])
    result = w.expect(0)
    check(result.seconds < 40, f"took {result.seconds:.0f} s")
    w.repository += "-long"
    for wait in ("99999999999999999999999", "Fri, 31 Dec 2999 23:59:59 GMT"):
        w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": answer(429, Retry_After=wait)}])
        w.expect(4, "asks to wait")
        check(w.since_first(429) < 1.5, f"took {w.since_first(429):.1f} s")


@case("exit 3, names both hosts, nothing is sent there")
def s10_another_realm_in_mid_run(w):
    other = Proxy(upstream(), [])
    w.others.append(other)
    w.start(login={})
    realm = f'Bearer realm="http://localhost:{other.port}/token",service="test"'
    w.proxy.set_rules([{"method": "PUT", "path": CONTENT, "nth": "all", "answer": answer(401, WWW_Authenticate=realm)}])
    w.expect(3, w.host, f"localhost:{other.port}")
    check(not other.log, "it was asked")


@case("exit 0: the one that we can answer is taken")
def s11_two_challenges(w):
    w.start(login={"kind": "basic"})
    both = 'Negotiate, Basic realm="x, y=\\"z\\"", Digest realm="a", nonce="b=="'
    w.proxy.set_rules([{"method": "GET", "path": "/v2/$", "answer": answer(401, WWW_Authenticate=both)}])
    w.expect(0)


@case("exit 0 without a life; exit 1 without a token")
def s12_odd_tokens(w):
    w.start(login={"token": {"expires_in": None, "issued_at": 7, "refresh_token": ["x"]}})
    w.expect(0)
    w.repository += "-none"
    for body in ('{"token":""}', '{"token":7}', "[]", "null", '{"token":"a\\nb"}', ""):
        w.start(login={})
        w.proxy.set_rules([{"path": "^/token", "nth": "all", "answer": answer(200, body)}])
        w.expect(1, "token server")


@case("exit 0")
def s13_http_1_0(w):
    head = "HTTP/1.0 {}\r\nServer: old\r\n\r\n"
    w.start([
        {"method": "GET", "path": "/v2/$", "raw": head.format("200 OK") + "{}"},
        {"method": "HEAD", "path": BLOB, "nth": [1, 2], "raw": head.format("404 Not Found")},
        {"method": "HEAD", "path": MANIFEST, "nth": "all", "raw": head.format("404 Not Found")},
        {"method": "POST", "path": UPLOADS, "raw": head.format("503 Busy") + "later"},
        {"method": "PUT", "path": MANIFEST, "raw": head.format("429 Wait")},
    ])
    w.expect(0)


@case("exit 4, 6 tries")
def s14_416_for_ever(w):
    w.start([
        {"method": "PUT", "path": CONTENT, "nth": "all", "larger": 100_000, "answer": answer(416)},
        {"method": "PATCH", "path": "/blobs/uploads/", "nth": "all", "answer": answer(416)},
    ])
    result = w.expect(4, "416", "6 tries", w.host)
    check(result.seconds < 60, f"took {result.seconds:.0f} s")


@case("exit 0: what is not mounted is uploaded")
def s15_mount_that_leads_nowhere(w):
    w.start([
        {"method": "POST", "path": "mount=", "nth": [1], "answer": answer(404, error("NAME_UNKNOWN", "no"))},
        {"method": "POST", "path": "mount=", "nth": [1, 2], "answer": answer(202, Location="/v2/somewhere/else/blobs/uploads/gone")},
    ], apps=4)
    w.expect(0)
    w.whole()


@case("exit 1: the registry loses what it takes")
def s16_taken_and_lost(w):
    w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "larger": 100_000, "answer": answer(201)}])
    w.expect(1, "though it was sent again", "storage")


@case("exit 1: not a registry")
def s17_a_page_for_everything(w):
    w.start([{"path": "", "nth": "all", "answer": answer(200, PAGE, Content_Type="text/html")}])
    w.expect(1, w.host, "does not have the manifest", "`endpoint`", lacks=["Welcome"])


@case("exit 0: the manifest is looked for")
def s17_200_for_201(w):
    w.start([{"method": "PUT", "path": MANIFEST, "nth": "all", "status": 200, "headers": {"Docker-Content-Digest": None}}])
    w.expect(0)
    check(w.requests("HEAD", MANIFEST, 200), "it was not looked for")


@case("exit 0")
def s18_heads_without_length(w):
    w.start(layer=50_000)
    w.expect(0)
    w.proxy.set_rules([{"method": "HEAD", "path": "", "nth": "all", "raw": "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"}])
    w.expect(0)


@case("exit 1, <= 5 hops, no credentials elsewhere")
def s19_redirects_to_and_fro(w):
    other = Proxy(upstream(), [])
    w.others.append(other)
    w.start(login={})
    there, back = f"http://127.0.0.1:{other.port}{{path}}", f"http://{w.host}{{path}}"
    w.proxy.set_rules([{"method": "HEAD", "path": BLOB, "nth": "all", "answer": answer(307, Location=there)}])
    other.set_rules([{"path": "", "nth": "all", "answer": answer(308, Location=back)}])
    w.expect(1)
    check(len(w.proxy.log) < 30 and not any(record["authorization"] for record in other.log), "credentials were sent")


@case("exit 1 or 4, nothing of it raw, < 64 MB")
def s20_what_is_no_http(w):
    repository = w.repository
    for number, raw in enumerate([
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\n" + "".join(f"X-{index}: {'y' * 100}\r\n" for index in range(5000)) + "\r\n",
        "HTTP/1.1 999 \x1b[31mred\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 202 Accepted\r\nLocation: \x1b]0;x\x07\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 202 Accepted\r\nLocation: http://user:secret@{host}/x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx",
    ]):
        w.repository = f"{repository}-{number}"
        w.start([])
        w.proxy.set_rules([{"method": "POST", "path": UPLOADS, "nth": "all", "raw": raw.replace("{host}", w.host)}])
        result = w.push()
        check(result.status in (1, 4) and w.host in result.text, f"{raw[:30]!r}: exit {result.status}")
        check(result.rss < 64 and result.seconds < 60, f"{raw[:30]!r}: {result.rss:.0f} MB, {result.seconds:.0f} s")
