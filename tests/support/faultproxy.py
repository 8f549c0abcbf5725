#!/usr/bin/env python3
"""A proxy before a registry that makes faults, for tests. Speaks HTTP/1.1, with TLS if told to.

As a module:  proxy = Proxy(upstream_port, rules, login={...}); proxy.port; proxy.log; proxy.close()
By hand:      faultproxy.py PORT UPSTREAM_PORT RULES.json [LOG]

A rule is a dict. It matches by `method` (regular expression, whole) and `path` (regular expression,
anywhere), and by the length of its body (`larger`: bytes at least); it fires at the matches that `nth` names (1, [1, 3], "2-", "all"; default 1), or at every
`every`-th, or with `chance`. The first rule that fires is applied; what it does:

  answer: {status, headers, body, read}   answers itself; read=False: before the request's body came
  cut: "reset" | "close"                  ends the connection without an answer,
  after: N                                … when N bytes of the body were forwarded
  stall: S                                is silent for S seconds (after `after` bytes) and cuts
  pace: N                                 forwards N bytes of the body a second
  flip: N                                 changes one bit of byte N of the body
  lost: true                              with cut or answer: the registry does what was asked
  status, headers, body                   replace those of the registry's answer (None removes)
  truncate: N                             sends N bytes of the answer's body and ends
  flood: N                                answers 200, or `status`, with N bytes
  raw: TEXT, drip: [TEXT, S]              answers with these bytes, then with a text every S seconds, and cuts
  down: S                                 refuses connections for S seconds

`CONNECT` is answered with a tunnel to the upstream, whatever host was asked for.

`login` makes the proxy ask for credentials: {user, password, kind: "bearer" | "basic"} and, for
bearer, {realm, uses, life, token: {…}}: a token dies after `uses` requests or `life` seconds;
`token` adds to the token server's answer.
"""

import base64
import hashlib
import json
import random
import re
import secrets
import socket
import ssl
import struct
import sys
import threading
import time
from http import HTTPStatus

BLOCK = 64 * 1024
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect", "host"}


class Cut(Exception):
    """The connection ends here."""


def fires(nth, count):
    if nth == "all":
        return True
    if isinstance(nth, str):
        first, _, last = nth.partition("-")
        return int(first) <= count and (not last or count <= int(last))
    return count in nth if isinstance(nth, list) else count == nth


class Wire:
    """One side of a connection: lines and bytes, with nothing in between."""

    def __init__(self, link):
        self.link = link
        self.file = link.makefile("rb", buffering=BLOCK)

    def head(self):
        """The first line and the fields, names in lower case; None at the end."""
        first = self.file.readline(65536)
        if not first.strip():
            return None
        fields = []
        while True:
            line = self.file.readline(65536)
            if not line:
                raise Cut
            if not line.strip():
                return first.decode("latin-1").strip(), fields
            name, _, value = line.decode("latin-1").partition(":")
            fields.append((name.strip().lower(), value.strip()))

    def body(self, fields, until_end=False):
        fields = dict(fields)
        if "chunked" in fields.get("transfer-encoding", ""):
            while size := int(self.file.readline().split(b";")[0] or b"0", 16):
                yield self.exactly(size)
                self.file.readline()
            while self.file.readline().strip():
                pass
        elif "content-length" in fields:
            left = int(fields["content-length"])
            while left:
                block = self.file.read1(min(left, BLOCK))
                if not block:
                    raise Cut
                left -= len(block)
                yield block
        elif until_end:
            while block := self.file.read1(BLOCK):
                yield block

    def exactly(self, size):
        block = self.file.read(size)
        if len(block) < size:
            raise Cut
        return block

    def send(self, data):
        self.link.sendall(data)

    def respond(self, status, headers, body, bodiless, length=None):
        try:
            reason = HTTPStatus(status).phrase
        except ValueError:
            reason = "Unknown"
        lines = [f"HTTP/1.1 {status} {reason}"] + [f"{name}: {value}" for name, value in headers]
        if status >= 200 and status != 204 and not any(name.lower() == "content-length" for name, _ in headers):
            lines.append(f"Content-Length: {len(body) if length is None else length}")
        self.send("\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + (b"" if bodiless else body))

    def reset(self):
        self.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        # `shutdown` too: a second reference to the socket would keep the connection open.
        self.file.close()
        self.link.close()


class Proxy:
    def __init__(self, upstream, rules=(), login=None, port=0, tls=None, host="127.0.0.1", seed=1):
        self.upstream, self.login, self.host = upstream, login, host
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*tls)
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.log, self.tokens, self.open = [], {}, set()
        self.set_rules(rules)
        self.port, self.closed = port, False
        self.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def set_rules(self, rules):
        self.rules = [dict(rule, count=0) for rule in rules]

    def listen(self):
        self.listener = socket.create_server((self.host, self.port), backlog=128)
        self.port = self.listener.getsockname()[1]

    def close(self):
        self.closed = True
        self.hang_up()

    def hang_up(self):
        """Nobody is listened to, and who was is gone."""
        for end in (lambda: self.listener.shutdown(socket.SHUT_RDWR), self.listener.close):
            try:
                end()
            except OSError:
                pass
        with self.lock:
            links, self.open = list(self.open), set()
        for link in links:
            try:
                link.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def down(self, seconds):
        self.hang_up()
        time.sleep(seconds)
        if not self.closed:
            self.listen()
            threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        listener = self.listener
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[link], daemon=True).start()

    def serve(self, link):
        with self.lock:
            self.open.add(link)
        try:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                link = self.tls.wrap_socket(link, server_side=True)
            else:
                first = link.recv(1, socket.MSG_PEEK)
                if first == b"\x16":  # a TLS greeting
                    self.note(method="TLS", path="", status=0)
                    return
            wire = Wire(link)
            while head := wire.head():
                self.request(wire, *head)
        except (Cut, OSError, ValueError) as error:
            if isinstance(error, ssl.SSLError):
                self.note(method="TLS", path="", status=0, error=str(error))
        finally:
            with self.lock:
                self.open.discard(link)
            try:
                link.close()
            except OSError:
                pass

    def note(self, **record):
        record.setdefault("at", time.time())
        with self.lock:
            self.log.append(record)
        return record

    def pick(self, method, path, length):
        with self.lock:
            for rule in self.rules:
                if not re.fullmatch(rule.get("method", ".*"), method) or not re.search(rule.get("path", ""), path):
                    continue
                if length < rule.get("larger", 0):
                    continue
                rule["count"] += 1
                if "every" in rule:
                    hit = rule["count"] % rule["every"] == 0
                elif "chance" in rule:
                    hit = self.random.random() < rule["chance"]
                else:
                    hit = fires(rule.get("nth", 1), rule["count"])
                if hit:
                    return dict(rule)
        return {}

    # --- one request ---

    def request(self, wire, line, fields):
        method, path, _ = line.split(" ", 2)
        given = dict(fields)
        authorization = given.get("authorization", "")
        record = self.note(method=method, path=path, status=None, received=0, authorization=authorization)
        if "host" in given:
            record["host"] = given["host"]
        rule = self.pick(method, path, int(given.get("content-length", 0)))
        record["rule"] = rule.get("name", "fault") if rule else None
        try:
            if method == "CONNECT":
                return self.tunnel(wire, record)
            if given.get("expect"):
                wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            if path.startswith("/token") and self.login and not rule:
                return self.give_token(wire, record, method, path, fields)
            self.apply(wire, record, method, path, fields, rule)
        finally:
            record["end"] = time.time()

    def apply(self, wire, record, method, path, fields, rule):
        bodiless = method == "HEAD"
        if "down" in rule:
            record["status"] = "down"
            threading.Thread(target=self.down, args=[rule["down"]], daemon=True).start()
            raise Cut
        if "flood" in rule or "raw" in rule:
            for block in wire.body(fields):
                record["received"] += len(block)
            return self.flood(wire, record, rule) if "flood" in rule else self.drip(wire, record, rule)
        early = not rule.get("lost") and "after" not in rule
        if early and "stall" in rule:
            time.sleep(rule["stall"])
            raise Cut
        if early and "cut" in rule:
            self.cut(wire, record, rule)
        if early and "answer" in rule:
            return self.answer(wire, record, fields, rule["answer"], path, bodiless)
        if self.login and not self.may_pass(record):
            for _ in wire.body(fields):
                pass
            body = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}'
            record["status"] = 401
            return wire.respond(401, [("WWW-Authenticate", self.challenge(record))], body, bodiless)
        self.forward(wire, record, method, path, fields, rule)

    def tunnel(self, wire, record):
        """Bytes to and fro, whatever host was asked for."""
        link = socket.create_connection(("127.0.0.1", self.upstream))
        record["status"] = 200
        wire.respond(200, [("Content-Length", "0")], b"", True)

        def copy(source, target):
            try:
                while data := source.recv(BLOCK):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        back = threading.Thread(target=copy, args=[link, wire.link], daemon=True)
        back.start()
        copy(wire.link, link)
        back.join()
        link.close()
        raise Cut

    def cut(self, wire, record, rule):
        record["status"] = rule["cut"]
        if rule["cut"] == "reset":
            wire.reset()
        raise Cut

    def answer(self, wire, record, fields, answer, path, bodiless):
        read = answer.get("read", True)
        if read:
            for block in wire.body(fields):
                record["received"] += len(block)
        body, headers = answer.get("body", ""), dict(answer.get("headers", {}))
        if not isinstance(body, str):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        headers = [(name, value.replace("{path}", path)) for name, value in headers.items()]
        record["status"] = answer["status"]
        if not read:
            headers.append(("Connection", "close"))
        wire.respond(answer["status"], headers, body.encode(), bodiless)
        if not read:
            time.sleep(0.2)  # what is under way may come, and is not read
            raise Cut

    def flood(self, wire, record, rule):
        record["status"] = rule.get("status", 200)
        wire.respond(record["status"], [("Content-Type", "application/json")], b"", False, rule["flood"])
        block = b"[" * BLOCK
        for _ in range(rule["flood"] // BLOCK):
            wire.send(block)

    def drip(self, wire, record, rule):
        record["status"] = "raw"
        wire.send(rule["raw"].encode("latin-1"))
        if "drip" in rule:
            text, seconds = rule["drip"]
            while not self.closed:
                wire.send(text.encode("latin-1"))
                time.sleep(seconds)
        raise Cut

    def forward(self, wire, record, method, path, fields, rule):
        link = socket.create_connection(("127.0.0.1", self.upstream))
        try:
            upstream = Wire(link)
            lines = [f"{method} {path} HTTP/1.1", "Connection: close"]
            # With the client's own `Host` the registry's URLs lead back to us.
            lines += [f"Host: {record.get('host', 'localhost')}"]
            if self.tls:
                lines.append("X-Forwarded-Proto: https")
            keep = lambda name: name not in HOP_BY_HOP and not (name == "authorization" and self.login)
            lines += [f"{name}: {value}" for name, value in fields if keep(name)]
            upstream.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")
            self.forward_body(wire, upstream, record, fields, rule)
            head = upstream.head()
            if head is None:
                raise Cut
            self.give_back(wire, upstream, record, head, rule, path, method == "HEAD")
        finally:
            link.close()

    def forward_body(self, wire, upstream, record, fields, rule):
        for block in wire.body(fields):
            before = record["received"]
            end = before + len(block)
            if "flip" in rule and before <= rule["flip"] < end:
                block = bytearray(block)
                block[rule["flip"] - before] ^= 1
            if "pace" in rule:
                time.sleep(len(block) / rule["pace"])
            after = rule.get("after")
            if after is not None and end >= after:
                upstream.send(block[: after - before])
                record["received"] = after
                time.sleep(0.05)  # so that it arrives
                if "stall" in rule:
                    time.sleep(rule["stall"])
                    raise Cut
                self.cut(wire, record, rule)
            upstream.send(block)
            record["received"] = end

    def give_back(self, wire, upstream, record, head, rule, path, bodiless):
        line, fields = head
        status = int(line.split(" ")[1])
        empty = bodiless or status in (204, 304)
        body = b"" if empty else b"".join(upstream.body(fields, until_end=True))
        record["status"] = status
        if rule.get("lost"):
            if "answer" in rule:
                return self.answer(wire, record, [], rule["answer"], path, bodiless)
            self.cut(wire, record, rule)
        status = record["status"] = rule.get("status", status)
        headers = {name: value for name, value in fields if name not in ("connection", "transfer-encoding")}
        if "body" in rule:
            body = rule["body"].encode()
        if not bodiless:
            headers.pop("content-length", None)
        for name, value in rule.get("headers", {}).items():
            headers.pop(name.lower(), None)
            if value is not None:
                location = dict(fields).get("location", "")
                below = re.sub("^https?://[^/]*", "", location)
                for word, text in (("{path}", path), ("{location}", location), ("{below}", below), ("{last}", below.rpartition("/")[2])):
                    value = value.replace(word, text)
                headers[name] = value
        if "truncate" in rule:
            wire.respond(status, headers.items(), body[: rule["truncate"]], bodiless, len(body))
            raise Cut
        wire.respond(status, headers.items(), body, bodiless)

    # --- signing in ---

    def basic(self):
        pair = f"{self.login['user']}:{self.login['password']}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def may_pass(self, record):
        given = record["authorization"]
        if self.login.get("kind") == "basic":
            return given == self.basic()
        token = self.tokens.get(given.removeprefix("Bearer "))
        if not token:
            return False
        token["uses"] += 1
        if token["uses"] > self.login.get("uses", 1 << 60):
            return False
        return time.time() - token["born"] < self.login.get("life", 1 << 30)

    def challenge(self, record):
        if self.login.get("kind") == "basic":
            return 'Basic realm="test"'
        scheme = "https" if self.tls else "http"
        realm = self.login.get("realm") or f"{scheme}://{record.get('host')}/token"
        return f'Bearer realm="{realm}",service="test"'

    def give_token(self, wire, record, method, path, fields):
        for block in wire.body(fields):
            record["received"] += len(block)
        if record["authorization"] != self.basic():
            record["status"] = 401
            return wire.respond(401, [], b'{"details":"incorrect username or password"}', method == "HEAD")
        token = secrets.token_hex(20)
        self.tokens[token] = {"born": time.time(), "uses": 0}
        record["status"] = 200
        body = json.dumps({"token": token, **self.login.get("token", {})}).encode()
        wire.respond(200, [("Content-Type", "application/json")], body, False)


def main():
    port, upstream, rules, *log = sys.argv[1:]
    proxy = Proxy(int(upstream), json.load(open(rules)), port=int(port))
    print(f"listening on {proxy.host}:{proxy.port}", flush=True)
    told = 0
    while True:
        time.sleep(0.2)
        ended = [record for record in proxy.log[told:] if "end" in record]
        told += len(ended)
        for record in ended:
            if record.get("authorization"):  # never the credential itself
                record["authorization"] = hashlib.sha256(record["authorization"].encode()).hexdigest()[:8]
            print(json.dumps(record), file=open(log[0], "a") if log else sys.stdout, flush=True)


if __name__ == "__main__":
    main()
