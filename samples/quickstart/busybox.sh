#!/bin/sh
# Puts a BusyBox that needs no libraries into the folders of both apps: this machine's own, else the
# one of the image `busybox`. Files that are there already stay as they are.
set -eu
cd "$(dirname "$0")"
found=$(command -v busybox || true)
for app in web api; do
  [ ! -x "$app/busybox" ] || continue
  # A program of another system, or one that loads libraries, does not run in an empty image.
  if [ "$(uname -s)" = Linux ] && [ -n "$found" ] && ! ldd "$found" >/dev/null 2>&1; then
    cp -p "$found" "$app/busybox"
  elif container=$(docker create busybox:1.37-musl 2>/dev/null); then
    docker cp -q "$container:/bin/busybox" "$app/busybox"
    docker rm "$container" >/dev/null
  else
    echo "no BusyBox to serve the pages with: install the package busybox-static" >&2
    exit 1
  fi
done
