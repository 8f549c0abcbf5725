"""Judges what was published: judge.py RENDERER CASE…, called by `check`.

A case is a folder with `helm/out` (a chart) and mostly `manifests/out` (plain manifests).
"""

import base64
import json
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

import kubernetes_validate
import yaml

# The oldest that charts ask for, one in between, and the newest that is known.
VERSIONS = ["1.25", "1.31", "1.37"]
HOSTILE = "a'\"`$(x) ${HOME} $$ {{ .Values }} %s \\n # : é\U0001F600\n\tline two\r\n--- end "
IMAGE = "registry.example/some/image@sha256:" + "a" * 64
WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"}
# What a cluster knows without installing anything.
FOREIGN = ("gateway.networking.k8s.io/",)


def main():
    renderer, cases = sys.argv[1], [Path(case) for case in sys.argv[2:]]
    problems, compared = [], 0
    for case in cases:
        found, is_compared = judge(renderer, case)
        compared += is_compared
        problems += [f"{case.name}: {problem}" for problem in found]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"kubernetes: {len(cases)} charts, {compared} compared with manifests, {len(problems)} problems", file=sys.stderr)
    sys.exit(1 if problems or not compared else 0)


def judge(renderer, case):
    problems = []
    is_restricted = not re.search(r"^ *security\b", (case / "helm/project/apphost.toml").read_text(), re.M)
    rendered, plain = [], []
    for path in sorted((case / "manifests/out").rglob("*.yaml")):
        if path.name != "kustomization.yaml":
            plain += [it for it in yaml.safe_load_all(path.read_text()) if isinstance(it, dict) and "kind" in it]
    releases = {it["metadata"].get("labels", {}).get("app.kubernetes.io/instance") for it in plain} - {None}
    for chart in sorted(path.parent for path in (case / "helm/out").rglob("Chart.yaml")):
        values = required(json.loads((chart / "values.schema.json").read_text()), [])
        (case / "values.json").write_text(json.dumps(values, ensure_ascii=False))
        release = min(releases, default=yaml.safe_load((chart / "Chart.yaml").read_text())["name"])
        run = subprocess.run([renderer, chart, release, case / "values.json"], capture_output=True, text=True)
        if run.returncode:
            return [run.stderr.strip()], False
        documents = json.loads(run.stdout) or []
        problems += arrives(values, documents)
        rendered += documents
    for how, documents in (("chart", rendered), ("manifests", plain)):
        for document in documents:
            problems += [f"{how}: {title(document)}: {it}" for it in [*validate(document), *images(document)]]
            if is_restricted:
                problems += [f"{how}: {title(document)}: {it}" for it in restricted(document)]
    if plain:
        problems += compare(rendered, plain)
    if not rendered:
        problems.append("its chart has no objects")
    return problems, bool(plain)


def title(document):
    return f"{document.get('kind')} {document.get('metadata', {}).get('name')}"


def required(schema, path):
    """A value for everything that has to be given, hostile where it may be."""
    values = {}
    for name in schema.get("required", []):
        below = schema["properties"][name]
        if below.get("type") == "object":
            values[name] = required(below, [*path, name])
        elif "enum" in below:
            values[name] = below["enum"][0]
        elif below.get("type") in ("integer", "number"):
            values[name] = 3000000
        elif below.get("type") == "boolean":
            values[name] = True
        elif "image" in ".".join([*path, name]).lower():
            values[name] = IMAGE
        elif "pattern" in below:
            values[name] = "abc"
        else:
            values[name] = HOSTILE + name
    return values


def leaves(value):
    if isinstance(value, dict):
        for below in value.values():
            yield from leaves(below)
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below)
    else:
        yield value


def arrives(values, documents):
    """Whether each hostile value is somewhere byte for byte, or in one of the forms that it is wanted in."""
    texts = [leaf for document in documents for leaf in leaves(document) if isinstance(leaf, str)]
    for value in (leaf for leaf in leaves(values) if isinstance(leaf, str) and leaf.startswith(HOSTILE)):
        doubled = value.replace("$", "$$")
        forms = [value, doubled, urllib.parse.quote(value, safe=""), json.dumps(value)[1:-1],
                 json.dumps(value, ensure_ascii=False)[1:-1]]
        in_login = any(value.encode() in base64.b64decode(auth) for text in texts for auth in re.findall(r'"auth": *"([^"]+)"', text))
        if not in_login and not any(form in text for form in forms for text in texts):
            yield f"chart: the value {value[len(HOSTILE):]!r} does not arrive as it is"


def validate(document):
    if document["apiVersion"].startswith(FOREIGN):
        return
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{version}: {'.'.join(map(str, error.path))}: {error.message[:300]}"


def pod(document):
    spec = document.get("spec", {})
    if document["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec["template"]["spec"] if document["kind"] in WORKLOADS else None


def images(document):
    """No schema says that an image is something."""
    spec = pod(document) or {"containers": []}
    for container in spec.get("initContainers", []) + spec["containers"]:
        if not container.get("image"):
            yield f"container `{container['name']}` has no image"


def restricted(document):
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""
    spec = pod(document)
    if spec is None:
        return
    own = spec.get("securityContext", {})
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(key):
            yield f"`{key}` is not allowed"
    allowed = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
    for volume in spec.get("volumes", []):
        for kind in set(volume) - {"name"} - allowed:
            yield f"a volume of the type `{kind}` is not allowed"
    for container in spec.get("initContainers", []) + spec["containers"]:
        context = container.get("securityContext", {})
        said = lambda key: context.get(key, own.get(key))
        where = f"container `{container['name']}`"
        if context.get("privileged"):
            yield f"{where}: `privileged`"
        if context.get("allowPrivilegeEscalation") is not False:
            yield f"{where}: `allowPrivilegeEscalation` is not false"
        if said("runAsNonRoot") is not True:
            yield f"{where}: `runAsNonRoot` is not true"
        if said("runAsUser") == 0:
            yield f"{where}: `runAsUser` is 0"
        if (said("seccompProfile") or {}).get("type") not in ("RuntimeDefault", "Localhost"):
            yield f"{where}: `seccompProfile` is neither RuntimeDefault nor Localhost"
        capabilities = context.get("capabilities", {})
        if "ALL" not in capabilities.get("drop", []):
            yield f"{where}: not all capabilities are dropped"
        if set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
            yield f"{where}: adds capabilities"
        if any(port.get("hostPort") for port in container.get("ports", [])):
            yield f"{where}: `hostPort`"


def compare(rendered, plain):
    """What differs between the chart and the manifests, but for what has to."""
    key = lambda document: (document["kind"], document["metadata"]["name"])
    plain = [document for document in plain if document["kind"] != "Namespace"]
    left, right = ({key(it): normal(it) for it in documents} for documents in (rendered, plain))
    for name in sorted(left.keys() ^ right.keys()):
        where = "chart" if name in left else "manifests"
        yield f"{name[0]} {name[1]} is only in the {where}"
    for name in sorted(left.keys() & right.keys()):
        yield from (f"{name[0]} {name[1]}: {it}" for it in differences(left[name], right[name], []))


def normal(document):
    """Without the namespace, without who manages it and without the sums of files."""
    document = json.loads(json.dumps(document))
    document["metadata"].pop("namespace", None)
    for value in tables(document):
        value.pop("app.kubernetes.io/managed-by", None)
        for name in [name for name in value if name.startswith("checksum/")]:
            value.pop(name)
        for name in ("annotations", "labels"):
            if value.get(name) == {}:
                value.pop(name)
    return document


def tables(value):
    if isinstance(value, dict):
        yield value
        for below in list(value.values()):
            yield from tables(below)
    elif isinstance(value, list):
        for below in value:
            yield from tables(below)


def differences(chart, plain, path):
    if isinstance(chart, dict) and isinstance(plain, dict):
        for name in sorted(chart.keys() | plain.keys()):
            is_secret = path[-1:] == ["stringData"]
            if is_secret and (name not in plain or plain[name] == '{"auths":{}}'):
                # Nobody gave this secret when it was published; a pull secret has to be JSON all the same.
                continue
            if name not in chart or name not in plain:
                if not (name == "stringData" and name in chart):
                    yield f"{'.'.join([*path, name])} is only in the {'chart' if name in chart else 'manifests'}"
                continue
            yield from differences(chart[name], plain[name], [*path, name])
    elif isinstance(chart, list) and isinstance(plain, list) and len(chart) == len(plain):
        for index, (one, other) in enumerate(zip(chart, plain)):
            yield from differences(one, other, [*path, str(index)])
    elif chart != plain:
        yield f"{'.'.join(path)}: {chart!r:.200} in the chart, {plain!r:.200} in the manifests"


main()
