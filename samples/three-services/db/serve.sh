#!/usr/bin/busybox sh
# Keeps what it is told in /data.
exec redis-server --bind '*' --dir /data --appendonly yes --requirepass "$REDISCLI_AUTH"
