# Values that break shells, YAML and Compose arrive in the container byte for byte, wherever they are
# written: variables, arguments, entry point, files, labels, build arguments, and texts made of parameters.
"$SHIPIT_E2E_ROOT/tests/services" need docker-compose python3

project=shipit-e2e-hostile
trap 'docker ps -aq --filter "label=com.docker.compose.project=$project" | xargs -r docker rm -f >/dev/null 2>&1' EXIT

mkdir -p app
cat >app/show.sh <<'SH'
#!/bin/sh
# Its arguments and variables as they came, each ended by a zero; then it stays.
printf '%s\0' "$@" >/arguments
cat /proc/self/environ >/environment
exec sleep 3600
SH
cat >app/Dockerfile <<'DOCKERFILE'
FROM shipit-e2e/base:1
ARG WORDS
ARG LINES
LABEL words="$WORDS" lines="$LINES"
COPY show.sh /show.sh
STOPSIGNAL SIGKILL
DOCKERFILE

python3 - "$project" "$SHIPIT_E2E_REGISTRY" "$E2E_REPOSITORY" <<'PYTHON'
import json, sys
project, endpoint, repository = sys.argv[1:]
values = [
    "'", '"', "\\", "a\\", "$5", "${HOME}", "$${HOME:?}", "pa$$word${X:?}", "$(id)", "`id`", "'''", "a\nb", "a\n", "a\r\nb",
    "\ttab", "\U0001f600 \u00e9", "# no", "a # b", ": ", "a: b", "{{ .X }}", "{{ }}", "%s %HOME%", "!x", "&a", "*a", "- a",
    "no", "1e3", "0777", "~", "null", "2024-01-01", "<<", "=", " leading", "trailing ", "", "0", "[a]", "{a}", "@x", "?",
    "-----BEGIN KEY-----\nMIIE/+=\n-----END KEY-----\n", "x" * 65536, "\x01\x7f",
]
def write(value):
    """A string of TOML. `${HOME}` is plain text, as no parameter is called so; `$${` is written with one more."""
    value = value.replace("$${", "$$${")
    return '"' + "".join(f"\\U{ord(c):08x}" if c in '"\\' or not " " <= c <= "~" else c for c in value) + '"'
params = {f"p{i}": value for i, value in enumerate(values)}
json.dump(values, open("values.json", "w"))
with open("params.json", "w") as file:
    json.dump(params, file)
lines = [f'name = "{project}"', "[params]"]
lines += [f"{name} = {{ secret = {'true' if i % 2 else 'false'} }}" for i, name in enumerate(params)]
lines += ["[registries.main]", 'kind = "oci"', f'endpoint = "{endpoint}"', f'repository = "{repository}"']
lines += ["[environments.local]", 'kind = "docker-compose"', "[apps.app]", 'kind = "dockerfile"', 'context = "./app"']
lines += ['command = ["/bin/sh", "/show.sh"]']
words = [write(value) for value in values if len(value) < 1000] + [f'"$<{name}>"' for name in params]
lines += ["args = [" + ", ".join(words) + "]"]
lines += ['build-args = { WORDS = "it\'s 5 $ ${HOME} # `x`", LINES = "$<p0>" }']
lines += ['labels = { "own" = ' + write("it's \"5\" $ ${HOME} {{ }} # \\") + " }"]
lines += ["[apps.app.env]"]
lines += [f"V{i} = {write(value)}" for i, value in enumerate(values)]
lines += [f'P{i} = "<$<{name}>>"' for i, name in enumerate(params)]
for i, (name, value) in enumerate(params.items()):
    lines += ["[[apps.app.files]]", f'path = "/files/p{i}"', f'content = "$<{name}>"']
    lines += ["[[apps.app.files]]", f'path = "/files/v{i}"', f"content = {write(value)}"]
open("apphost.toml", "w").write("\n".join(lines) + "\n")
PYTHON

shipit deploy --params-file params.json --progress plain
expect_status 0
id=$(docker ps -q --filter "label=com.docker.compose.project=$project")
for _ in $(seq 50); do docker cp "$id:/environment" . 2>/dev/null && break || sleep 0.1; done
docker cp "$id:/arguments" .
docker exec "$id" tar -cf - files >files.tar
docker image inspect "$(docker inspect --format '{{.Image}}' "$id")" >image.json
python3 - <<'PYTHON'
import json, tarfile
values = json.load(open("values.json"))
environment = dict(entry.split(b"=", 1) for entry in open("environment", "rb").read().split(b"\0") if entry)
arguments = open("arguments", "rb").read().split(b"\0")[:-1]
expected = [value.encode() for value in values if len(value) < 1000] + [value.encode() for value in values]
assert len(arguments) == len(expected), (len(arguments), len(expected))
wrong = [f"argument {want[:40]!r}: {got[:40]!r}" for got, want in zip(arguments, expected) if got != want]
files = tarfile.open("files.tar")
for i, value in enumerate(values):
    want = value.encode()
    cases = {
        f"V{i}": (environment.get(b"V%d" % i), want),
        f"P{i}": (environment.get(b"P%d" % i), b"<" + want + b">"),
        f"files/v{i}": (files.extractfile(f"files/v{i}").read(), want),
        f"files/p{i}": (files.extractfile(f"files/p{i}").read(), want),
    }
    wrong += [f"{name} {want[:40]!r}: {None if got is None else got[:40]!r}" for name, (got, want) in cases.items() if got != want]
labels = json.load(open("image.json"))[0]["Config"]["Labels"]
for name, want in {"words": "it's 5 $ ${HOME} # `x`", "lines": values[0], "own": "it's \"5\" $ ${HOME} {{ }} # \\"}.items():
    if labels.get(name) != want:
        wrong.append(f"label {name}: {labels.get(name)!r}")
assert not wrong, "\n".join(wrong)
print(len(values), "values arrived in five places")
PYTHON
shipit destroy --yes --progress plain
expect_status 0
