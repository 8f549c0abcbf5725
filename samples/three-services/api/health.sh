#!/bin/sh
# Well as long as the database answers.
export REDISCLI_AUTH="$DB_PASSWORD"
if [ "$(redis-cli -h "$DB_HOST" -p "$DB_PORT" ping)" = PONG ]; then status=200; else status=503; fi
printf 'Status: %s\r\nContent-Type: text/plain\r\n\r\n' "$status"
