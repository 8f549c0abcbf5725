# Credentials come from Docker's config.json where the manifest has none.
make_app shop web
cat >shop/apphost.toml <<TOML
name = "shop"
[registries.main]
kind = "oci"
endpoint = "$SHIPIT_E2E_LOGIN_REGISTRY"
repository = "$E2E_REPOSITORY"
[apps.web]
kind = "dockerfile"
context = "./web"
TOML

shipit do push -f shop/apphost.toml --progress plain
expect_status 3 # nobody has signed in yet
log_in
shipit do push -f shop/apphost.toml --progress plain
expect_status 0
check_image shop web "$SHIPIT_E2E_LOGIN_REGISTRY/$E2E_REPOSITORY/web:latest"
