# What was built is not built again; what has changed is, whatever it is that changed.
open_registry | make_shop shop
printf 'FROM busybox-of-the-case:1\nCOPY app.txt /app/\n' >shop/web/Dockerfile
docker tag shipit-e2e/base:1 busybox-of-the-case:1

# build_is STATE WHAT: how the step of `web` ended; the others are as they were.
build_is() {
  shipit do push -f shop/apphost.toml --progress plain -v
  expect_status 0
  contains err "[build-web] $1 in"
  contains err "[build-api] cached in"
  check_image shop web "$SHIPIT_E2E_REGISTRY/$E2E_REPOSITORY/web:latest"
  printf -- '-- %s: %s\n' "$2" "$1"
}

shipit do push -f shop/apphost.toml --progress plain
expect_status 0
before=$(mark "$SHIPIT_E2E_REGISTRY_LOG")
build_is cached "nothing changed"
# skopeo and the engine asked as well: only what shipit asked.
asked=$(tail -c "+$((before + 1))" "$SHIPIT_E2E_REGISTRY_LOG" | grep '"shipit/' | grep -cE 'HTTP/[0-9.]+" [0-9]' || true)
equal "$asked" $((1 + ${#APPS[@]})) "requests of an unchanged push: one for the registry, one for each image"

image_of() { docker image inspect --format '{{.Id}}' shop/web:latest; }

printf 'two\n' >shop/web/app.txt
build_is done "content"
build_is cached "nothing changed"
time=$(stat -c %y shop/web/app.txt)
printf 'owt\n' >shop/web/app.txt
touch -d "$time" shop/web/app.txt
build_is done "content of the same size and time"
build_is cached "nothing changed"
chmod 600 shop/web/app.txt
build_is done "mode"
touch shop/web/unused
build_is done "a file more"
rm shop/web/unused
build_is done "a file less"
printf 'FROM busybox-of-the-case:1\nCOPY app.txt /app/\nCOPY app.txt /again/\n' >shop/web/Dockerfile
build_is done "the Dockerfile"
build_is cached "nothing changed"

image=$(image_of)
docker rmi --force shop/web:latest >/dev/null
build_is cached "the name was removed; the image is there under the one that it was pulled by"
equal "$(image_of)" "$image" "the image that has its name again"
docker rmi --force "$image" >/dev/null
build_is done "the image was removed"
equal "$(image_of)" "$image" "the image that is there again"
docker tag shipit-e2e/base:1 shop/web:latest
build_is cached "the name was another image's: it only has to be called so again"
equal "$(image_of)" "$image" "the image that is there again"

printf 'FROM shipit-e2e/base:1\nLABEL a=b\n' >shop/Dockerfile
docker build --quiet --tag busybox-of-the-case:1 - <shop/Dockerfile >/dev/null 2>&1
build_is done "another base image"
[ "$(image_of)" != "$image" ] || fail "the image has the old base"
build_is cached "nothing changed"

printf 'no-cache = true\n' >>shop/apphost.toml # the last app
shipit do push -f shop/apphost.toml --progress plain
expect_status 0
contains err "[build-admin] done in"
contains err "[build-web] cached in"

rm -r shop/.shipit/cache
shipit do push -f shop/apphost.toml --progress plain
expect_status 0
contains err "[build-web] done in"
docker rmi --force busybox-of-the-case:1 >/dev/null
