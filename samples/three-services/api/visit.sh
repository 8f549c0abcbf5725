#!/bin/sh
# Counts one more in the database.
export REDISCLI_AUTH="$DB_PASSWORD"
number=$(redis-cli -h "$DB_HOST" -p "$DB_PORT" incr visitors) || number=
case $number in
  '' | *[!0-9]*) printf 'Status: 502\r\nContent-Type: text/plain\r\n\r\n%s\n' "$number" ;;
  *) printf 'Content-Type: text/plain\r\n\r\n%s\n' "$number" ;;
esac
