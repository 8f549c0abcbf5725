#!/bin/sh
# Unpacks Redis, BusyBox and the libraries that they need into `debian` of each app, as a system of
# their own. Needs apt, no root and no engine; what is there already stays as it is.
set -eu
cd "$(dirname "$0")"

# unpack FOLDER PACKAGE…: with everything that a Debian without any packages would need for them.
unpack() {
  folder=$1
  shift
  [ ! -d "$folder" ] || return 0
  work=$(mktemp -d)
  mkdir -p "$work/archives/partial" "$work/root/usr/bin" "$work/root/usr/sbin" "$work/root/usr/lib" \
    "$work/root/usr/lib64" "$work/root/data" "$work/root/tmp"
  for name in bin sbin lib lib64; do ln -s "usr/$name" "$work/root/$name"; done
  : >"$work/status"
  apt-get -qq --yes --no-install-recommends --download-only -o Debug::NoLocking=1 \
    -o Dir::State::status="$work/status" -o Dir::Cache::archives="$work/archives" install "$@"
  for package in "$work"/archives/*.deb; do
    # What sets packages up has no part in running them.
    case ${package##*/} in
      *perl* | adduser_* | debconf_* | dpkg_* | passwd_* | tar_* | usrmerge_* | lsb-base_*) continue ;;
    esac
    dpkg-deb --fsys-tarfile "$package" |
      tar --extract --keep-directory-symlink --directory "$work/root" --exclude './usr/share/*' --exclude './etc/*'
  done
  mv "$work/root" "$folder"
  rm -rf "$work"
}

unpack web/debian busybox-static
unpack api/debian busybox-static redis-tools
unpack db/debian busybox-static redis-server redis-tools
