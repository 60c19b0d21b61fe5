#!/usr/bin/env bash
# For maintainers: how portal/static/uswds was made. Needs node and npm; nobody who runs Offshelf does.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent @uswds/uswds@3.14.0 sass@1
npx sass --no-source-map --style=compressed --quiet -I node_modules/@uswds/uswds/packages "$root/scripts/uswds.scss" uswds.css
sed 's/url("")/none/g' uswds.css >"$root/portal/static/uswds/css/uswds.css"
grep -o 'url([^)]*)' uswds.css | tr -d '"' | sed 's/^url(//;s/)$//' | grep '^\.\./' | sort -u | while read -r file; do
  install -D -m 644 "node_modules/@uswds/uswds/dist/${file#../}" "$root/portal/static/uswds/${file#../}"
done
