"""Certificates, and the proxies that the environment names."""

import subprocess

from harness import MANIFEST, UPLOADS, Proxy, answer, case, check, upstream

def certificate(folder, name, *options):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    if not (folder / "ca.pem").exists():
        openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "2")
    (folder / "extensions").write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage=serverAuth\n")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", f"/CN={name}")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem", "-extfile", "extensions", *(options or ("-days", "1")))
    return str(folder / "server.pem"), str(folder / "server.key")


def tls(w, name="localhost", *options):
    w.start(tls=certificate(w.folder, name, *options))


def refused_by_certificate(w, *texts):
    w.expect(1, "certificate", w.host, *texts, lacks=["waiting", " tries"])
    check(all(record["method"] == "TLS" for record in w.proxy.log), "something was sent")


def trusted_again(w):
    """For the rerun: a certificate that is right."""
    w.proxy.tls.load_cert_chain(*certificate(w.folder, "localhost"))
    w.environment["SSL_CERT_FILE"] = str(w.folder / "ca.pem")


@case("exit 0")
def r35_private_ca(w):
    tls(w)
    trusted_again(w)
    w.expect(0)


@case("exit 1, certificate, not retried, no HTTP")
def r35_unknown_ca(w):
    tls(w)
    refused_by_certificate(w, "SSL_CERT_FILE")
    trusted_again(w)


@case("exit 1, certificate, not retried, no HTTP")
def r35_wrong_name(w):
    tls(w, "registry.example")
    w.environment["SSL_CERT_FILE"] = str(w.folder / "ca.pem")
    refused_by_certificate(w, "`registry.example`")
    trusted_again(w)


@case("exit 1, certificate, not retried, no HTTP")
def r35_expired(w):
    tls(w, "localhost", "-days", "-1")
    w.environment["SSL_CERT_FILE"] = str(w.folder / "ca.pem")
    refused_by_certificate(w, "expired")
    trusted_again(w)


# --- the environment's proxies ---


@case("exit 0, everything through the proxy's tunnel")
def r_https_proxy(w):
    w.start(tls=certificate(w.folder, "registry.example"), host="registry.example")
    tunnel = Proxy(w.proxy.port)
    w.others.append(tunnel)
    w.environment = {"SSL_CERT_FILE": str(w.folder / "ca.pem"), "HTTPS_PROXY": f"http://127.0.0.1:{tunnel.port}"}
    w.expect(0)
    check({record["path"] for record in tunnel.log} == {w.host}, "something else was asked of the proxy")
    check(w.requests("PUT", MANIFEST, 201), "nothing came through")


@case("exit 0, nothing of loopback goes to the proxy")
def r_proxy_and_loopback(w):
    w.start(login={})
    tunnel = Proxy(upstream())
    w.others.append(tunnel)
    w.environment |= {name: f"http://127.0.0.1:{tunnel.port}" for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy")}
    w.expect(0)
    check(not tunnel.log, "the proxy was asked")




@case("exit 1, nothing goes out in plain HTTP")
def r34_from_https_to_http(w):
    other = Proxy(upstream())
    w.others.append(other)
    tls(w)
    trusted_again(w)
    location = f"http://localhost:{other.port}{{path}}"
    w.proxy.set_rules([{"method": "POST", "path": UPLOADS, "nth": "all", "answer": answer(307, Location=location)}])
    w.expect(1, "over plain HTTP")
    check(not other.log, "it was asked")
