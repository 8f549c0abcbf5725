"""Answers that are not true, sessions that are gone, a registry that is away."""

import time

from harness import BLOB, CONTENT, MANIFEST, UPLOADS, answer, case, check, error


OTHER = "sha256:" + "ab" * 32


@case("exit 1, both digests, not tried again")
def r19_other_digest_of_blob(w):
    w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "headers": {"Docker-Content-Digest": OTHER}}])
    w.expect(1, f"registry answered digest {OTHER}, sent sha256:")


@case("exit 1, both digests, not tried again")
def r19_other_digest_of_manifest(w):
    w.start([{"method": "PUT", "path": MANIFEST, "nth": "all", "headers": {"Docker-Content-Digest": OTHER}}])
    w.expect(1, f"registry answered digest {OTHER}, sent sha256:")
    check(len(w.requests("PUT", MANIFEST)) == 1, "tried again")


@case("exit 0, sent once more")
def r20_damaged_once(w):
    w.start([{"method": "PUT", "path": CONTENT, "flip": 100}])
    w.expect(0, "arrived damaged")


@case("exit 1, our digest and the registry's words")
def r20_damaged_always(w):
    w.start([{"method": "PUT", "path": CONTENT, "nth": "all", "flip": 100}])
    # This registry does not say which digest it found.
    w.expect(1, "sent twice as sha256:", "DIGEST_INVALID")


@case("exit 0, asked for before it is sent again")
def r21_lost_answers(w):
    w.start([
        {"method": "PUT", "path": CONTENT, "lost": True, "cut": "reset"},
        {"method": "PUT", "path": MANIFEST, "lost": True, "cut": "reset"},
    ])
    w.expect(0)
    digests = [record["path"].split("digest=")[1] for record in w.requests("PUT", CONTENT)]
    check(len(digests) == len(set(digests)), "a blob was sent twice")
    check(len(w.requests("PUT", MANIFEST)) == 1, "the manifest was put twice")


@case("exit 1: unexpected 201")
def r22_201_for_a_session(w):
    w.start([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": answer(201)}])
    w.expect(1, "unexpected 201")


@case("exit 0, new session")
def r23_session_gone(w):
    w.start([{"method": "PUT", "path": CONTENT, "answer": answer(404, error("BLOB_UPLOAD_UNKNOWN", "blob upload unknown"))}])
    w.expect(0)
    digests = {record["path"].split("digest=")[1] for record in w.requests("PUT", CONTENT)}
    check(len(w.requests("POST", UPLOADS)) == len(digests) + 1, "no new session")


@case("exit 0, goes on where the registry is")
def r24_416(w):
    w.start([
        {"method": "PUT", "path": CONTENT, "after": 100_000, "cut": "reset"},
        {"method": "PATCH", "path": "/blobs/uploads/", "answer": answer(416)},
    ])
    w.expect(0)


@case("exit 0, the blobs are sent all the same")
def r25_head_lies(w):
    w.start([{"method": "HEAD", "path": BLOB, "nth": "all", "answer": answer(200)}])
    w.expect(0)
    w.whole()


@case("exit 0")
def r26_down_3_s(w):
    w.start([{"method": "PUT", "path": CONTENT, "down": 3}])
    w.expect(0)


@case("exit 4", slow=True)
def r26_down_for_long(w):
    w.start([{"method": "PUT", "path": CONTENT, "down": 60}])
    w.expect(4, w.host, "6 tries")
    time.sleep(40)


