# The sample with three services of Debian's packages: deployed with a secret that has everything in it,
# asked over HTTP; of a changed app only its service starts anew; data outlives `destroy`.
"$SHIPIT_E2E_ROOT/tests/services" need docker-compose
cp -r "$SHIPIT_E2E_ROOT/samples/three-services/." .
rm -rf .shipit
ids() { docker ps -q --no-trunc --filter label=com.docker.compose.project=visitors \
  --filter "label=com.docker.compose.service=$1"; }
trap 'docker ps -aq --filter label=com.docker.compose.project=visitors | xargs -r docker rm -f >/dev/null 2>&1
  docker volume rm visitors_data >/dev/null 2>&1 || true; rm -rf .shipit' EXIT

# shellcheck disable=SC2016 # nothing in it is to be expanded
printf '%s' 'it'\''s "5$" ${HOME:?} $$ `x` # no: - {{ }} %s \' >secret
printf '\n-----BEGIN KEY-----\r\nMIIE/+=\n\tend\\' >>secret
visit() { wget -q -O - http://localhost:8089/cgi-bin/visit; }
deploy() {
  shipit deploy --progress plain --param db-password=@secret "$@"
  expect_status 0
  lacks out BEGIN
  lacks err BEGIN
  lacks err 'no health check'
}

deploy
equal "$(visit)" "Welcome, visitor 1" "the first visit"
equal "$(visit)" "Welcome, visitor 2" "the second visit"
for app in db:REDISCLI_AUTH api:DB_PASSWORD; do
  docker exec "$(ids "${app%:*}")" /usr/bin/busybox sh -c "printf %s \"\$${app#*:}\"" >arrived
  cmp secret arrived || fail "the password of ${app%:*} did not arrive as it was"
done

db=$(ids db) api=$(ids api) web=$(ids web)
sed -i "s/'%s, visitor %s/'%s! You are visitor %s/" web/visit.sh
deploy --param greeting=Hello
equal "$(ids db) $(ids api)" "$db $api" "what did not change goes on"
[ "$(ids web)" != "$web" ] || fail "web was not replaced"
equal "$(visit)" "Hello! You are visitor 3" "after a change"

# The database goes on counting where it was.
shipit destroy --yes --progress plain
expect_status 0
equal "$(docker ps -aq --filter label=com.docker.compose.project=visitors)" "" "nothing is left"
deploy
equal "$(visit)" "Welcome! You are visitor 4" "after a new start"
shipit destroy --yes --volumes --progress plain
expect_status 0
! docker volume inspect visitors_data >/dev/null 2>&1 || fail "the volume is still there"
