# Layers with everything that a file system has, out of the engine's storage and out of its export:
# the manifests are the same, byte for byte, and the engine can pull them.
mkdir -p shop/odd
cp "$(PATH=$PATH:/usr/sbin:/sbin command -v busybox)" shop/odd/busybox

# An image whose layers were not made by the engine: it keeps each byte of such tars.
python3 - <<'PYTHON' | docker load
import hashlib, io, json, os, random, sys, tarfile

random.seed(os.environ["E2E_REPOSITORY"])
noise = lambda length: random.randbytes(length)

def add(tar, name, kind=tarfile.REGTYPE, content=b"", link="", mode=0o644, pax=None, **owner):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.size, info.mtime = kind, link, mode, len(content), 1_600_000_000
    info.pax_headers = pax or {}
    for key, value in owner.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(content))

def layer(make, **options):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", errors="surrogateescape", **options) as tar:
        make(tar)
    return file.getvalue()

def pax(tar):
    add(tar, "odd/", tarfile.DIRTYPE, mode=0o1777)
    add(tar, "odd/plain", content=noise(70_000), uid=1234, gid=4321, uname="someone", gname="some")
    add(tar, "odd/empty")
    add(tar, "odd/hard", tarfile.LNKTYPE, link="odd/plain")
    add(tar, "odd/soft", tarfile.SYMTYPE, link="plain")
    add(tar, "odd/out", tarfile.SYMTYPE, link="/etc")
    add(tar, "odd/setuid", content=b"#!/bin/sh\n", mode=0o6755)
    add(tar, "odd/pipe", tarfile.FIFOTYPE)
    add(tar, "odd/" + "long/" * 40 + "name-" + "x" * 200, content=noise(1000))
    add(tar, "odd/größe", content=b"utf-8")
    add(tar, "odd/new\nline and 'quotes' \"too\" <&>", content=b"q")
    add(tar, "odd/zeros", content=bytes(3_000_000))
    add(tar, "odd/late", content=noise(300_000), pax={"mtime": "1600000000.123456789"})
    add(tar, "odd/capable", content=b"c", pax={"SCHILY.xattr.security.capability": "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0"})
    for number in range(300):
        add(tar, f"odd/many/{number % 7}/{number}", content=noise(number * 13))
    add(tar, "odd/deep/file", content=b"1")
    add(tar, "odd/deep/other", content=b"2")

def gnu(tar):
    add(tar, "./odd/.wh.plain")
    add(tar, "./odd/deep", tarfile.DIRTYPE, mode=0o755)
    add(tar, "./odd/deep/.wh..wh..opq")
    add(tar, "./odd/deep/third", content=b"3")
    add(tar, "./odd/latin-\udce9", content=b"not utf-8")
    add(tar, "./odd/" + "y" * 150, content=b"a long name")
    add(tar, "./odd/later", tarfile.LNKTYPE, link="./odd/deep/third")
    add(tar, "./odd/big-number", content=b"b", uid=0o10000000)
    add(tar, "/odd/absolute", content=b"from the root")
    add(tar, "./odd/device", tarfile.CHRTYPE, devmajor=1, devminor=3)

layers = [layer(pax, format=tarfile.PAX_FORMAT, pax_headers={"comment": "for all"}),
          layer(gnu, format=tarfile.GNU_FORMAT) + bytes(50_000), bytes(1024)]
config = json.dumps({
    "architecture": "amd64", "os": "linux", "config": {},
    "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(data).hexdigest() for data in layers]},
}).encode()
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
    paths = [f"{index}/layer.tar" for index in range(len(layers))]
    for path, data in zip(paths, layers):
        add(archive, path, content=data)
    add(archive, "config.json", content=config)
    listed = [{"Config": "config.json", "RepoTags": ["shipit-e2e/odd:1"], "Layers": paths}]
    add(archive, "manifest.json", content=json.dumps(listed).encode())
PYTHON

# And layers that the engine makes of what is done in a container.
cat >shop/odd/Dockerfile <<'DOCKERFILE'
FROM shipit-e2e/odd:1
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN rm -r /odd/deep && mkdir /odd/deep && echo 4 >/odd/deep/fourth && rm /odd/many/3/3 /odd/hard
RUN truncate -s 40M /odd/sparse && echo end >>/odd/sparse && ln /odd/late /odd/latest && ln -s ../../.. /odd/up
RUN true
WORKDIR /odd/work
RUN mv /odd/many /odd/moved && mkdir -p /odd/swap && echo a >/odd/swap/a
RUN rm -r /odd/swap && ln -s /odd/deep /odd/swap
LABEL last=1
DOCKERFILE
open_registry >shop/apphost.toml
printf '\n[apps.odd]\nkind = "dockerfile"\ncontext = "./odd"\n' >>shop/apphost.toml
image=$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/odd:latest

shipit do push -f shop/apphost.toml --progress plain -v
expect_status 0
lacks err "exported by the engine"
check_image shop odd "$image"
stored=$(printed odd "$image")

# The same engine through TCP is far away, as far as shipit can tell.
relay "${DOCKER_HOST#unix://}"
rm -r shop/.shipit
sed -i "s|^repository = .*|repository = \"$E2E_REPOSITORY-again\"|" shop/apphost.toml
image=$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY-again/odd:latest
before=$(mark "$SHIPIT_E2E_REGISTRY_LOG")
DOCKER_HOST=tcp://127.0.0.1:$relay_port shipit do push -f shop/apphost.toml --progress plain -v
expect_status 0
contains err "exported by the engine"
check_image shop odd "$image"
equal "$(printed odd "$image")" "$stored" "the digest, out of the export"
sent=$(tail -c "+$((before + 1))" "$SHIPIT_E2E_REGISTRY_LOG" | grep -cE "\"PUT /v2/$E2E_REPOSITORY-again/odd/blobs/uploads/")
[ "$sent" -gt 10 ] || fail "only $sent blobs were sent again"

# What skopeo reads out of it is what the engine has.
docker inspect --format '{{json .RootFS.Layers}}' "${image%:*}@$stored" >layers
skopeo copy --quiet --src-tls-verify=false "docker://$image" "dir:copied"
python3 - <<'PYTHON'
import gzip, hashlib, json
manifest = json.load(open("copied/manifest.json"))
found = ["sha256:" + hashlib.sha256(gzip.open("copied/" + layer["digest"][7:]).read()).hexdigest()
         for layer in manifest["layers"]]
assert found == json.load(open("layers")), (found, manifest)
assert len(found) > 10, found
PYTHON
