# A wrong password is a refusal, quickly, and is shown nowhere.
make_app shop web
cat >shop/apphost.toml <<TOML
name = "shop"
[params]
password = { secret = true }
[registries.main]
kind = "oci"
endpoint = "$SHIPIT_E2E_LOGIN_REGISTRY"
repository = "$E2E_REPOSITORY"
username = "$SHIPIT_E2E_USERNAME"
password = "\$<password>"
[apps.web]
kind = "dockerfile"
context = "./web"
TOML
export Parameters__password=wrong-0a1b2c3d

began=$SECONDS
shipit do push -f shop/apphost.toml --progress plain
expect_status 3
[ $((SECONDS - began)) -le 20 ] || fail "a refusal was tried again and again"
contains err "$SHIPIT_E2E_LOGIN_REGISTRY"
lacks out "$Parameters__password"
lacks err "$Parameters__password"
! grep -rqF "$Parameters__password" shop || fail "the password is in a file"
