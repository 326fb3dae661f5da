#!/bin/sh
set -eu
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=client-tests/world/lib/compiled.sh
. "$here/../lib/compiled.sh"
build() {
  GOCACHE="${1%/*}/go-cache" GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 /usr/bin/go build -o "$1" "$here/client.go"
}
compiled "$here/client.go" go-net-smtp build
exec "$made" "$here/profile.json"
