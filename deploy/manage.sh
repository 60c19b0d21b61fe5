#!/bin/sh
# manage.py with the settings of /etc/offshelf.env, as the user offshelf: deploy/manage.sh COMMAND … (as root).
# The commands that work as the owner of the tables get /etc/offshelf-owner.env as well, and no other does.
set -eu
[ $# -gt 0 ] || { echo "usage: deploy/manage.sh COMMAND …" >&2; exit 2; }
etc=${OFFSHELF_ETC:-/etc}
case $1 in
  migrate | ensure_roles | backup | restore) files="$etc/offshelf.env $etc/offshelf-owner.env" ;;
  *) files=$etc/offshelf.env ;;
esac
for file in $files; do
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      '' | '#'*) ;;
      *=*) export "$line" ;;  # as systemd reads it: nothing in a value is run, & and ? need no quotes
      *) echo "$file: \"$line\" is not NAME=value." >&2; exit 2 ;;
    esac
  done < "$file"
done
cd "$(dirname "$0")/.."
set -- .venv/bin/python manage.py "$@"
who=${OFFSHELF_USER:-offshelf}
[ "$(id -u)" -ne 0 ] || set -- setpriv --reuid="$who" --regid="$(id -g "$who")" --init-groups -- "$@"
exec "$@"
