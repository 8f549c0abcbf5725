# `--format json` gives a program what the lines give a person.
make_app shop web
{ open_registry; printf '\n[apps.web]\nkind = "dockerfile"\ncontext = "./web"\n'; } >shop/apphost.toml

shipit do push -f shop/apphost.toml --format json
expect_status 0
reference=$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/web:latest
python3 -c 'import json; json.load(open("out"))' 2>/dev/null ||
  python3 -c 'import json; [json.loads(line) for line in open("out")]' || fail "standard output is not JSON"
contains out "$reference"
contains out "$(remote "$reference")"
equal "$(recorded shop web "$reference")" "$(remote "$reference")" "images.json"
