"""Holds Compose files against the JSON Schema of the Compose Specification; lines `name file` come in."""

import json
import sys

import compose.config
import jsonschema
import yaml

schema_file = compose.config.__path__[0] + "/compose_spec.json"
with open(schema_file, encoding="utf-8") as file:
    schema = json.load(file)
# What it says of itself, `draft/2019-09/schema#`, has a `#` too many to be found by.
validator = jsonschema.Draft201909Validator(schema)

# A schema that lets everything pass would be no check.
assert not validator.is_valid({"services": {"x": {"imagee": "y"}}}), "the schema takes unknown keys"

failed = False
for line in sys.stdin:
    name, path = line.rstrip("\n").split(" ", 1)
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    for error in validator.iter_errors(document):
        where = "/".join(str(part) for part in error.absolute_path)
        print(f"FAIL {name}: {where}: {error.message}")
        failed = True
sys.exit(failed)
