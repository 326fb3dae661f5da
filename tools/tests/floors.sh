#!/usr/bin/env bash
# floors.sh: tools/floors sees what it should, and only that. usage: tools/tests/floors.sh
set -euo pipefail
tools=$(dirname "$(dirname "$(readlink -f "$0")")")
house=$(mktemp -d)
trap 'rm -rf "$house"' EXIT
failures=0

# put ROOM LINE...: a file of that room with these lines.
put() {
  mkdir -p "$house/server/$1"
  printf '%s\n' "${@:2}" >"$house/server/$1/unit.cpp"
}

# sees WHAT FILE:LINE: with the house as it is, that place is an offence, and it is the only one; then a new house.
sees() {
  local said status=0
  said=$("$tools/floors" "$house") || status=$?
  if [ "$status" != 1 ] || [ "$(wc -l <<<"$said")" != 1 ] || [[ $said != "$2: "* ]]; then
    printf 'not seen: %s (status %s)\n%s\n' "$1" "$status" "$said"
    failures=$((failures + 1))
  fi
  rm -rf "$house/server"
}

put smtp '#include <string>' '#include "base/time.hpp"' '#include "smtp/reply.hpp"'
put wire '#include <boost/asio.hpp>' '#include <boost/system/error_code.hpp>' '#include "scenario/wire_settings.hpp"'
put script '#include <lua.hpp>'
put tls '#include <openssl/ssl.h>'
put cli '#include <CLI/CLI.hpp>' '#include <boost/json.hpp>' '#include "engine/instance.hpp"'
put tests/smtp '#include "cli/main.hpp"' '#include <lua.hpp>'
if ! "$tools/floors" "$house"; then
  echo "a house in order was refused"
  failures=$((failures + 1))
fi
rm -rf "$house/server"

put base '#include <string>' '#include "smtp/reply.hpp"'
sees "a floor above" server/base/unit.cpp:2
put smtp '  #  include "journal/journal.hpp"'
sees "the same floor" server/smtp/unit.cpp:1
put engine '#include <cli/main.hpp>'
sees "a floor above, in angle brackets" server/engine/unit.cpp:1
put engine '#include <boost/asio/io_context.hpp>'
sees "Asio outside wire/" server/engine/unit.cpp:1
put wire '#include <boost/beast.hpp>'
sees "Beast outside control/" server/wire/unit.cpp:1
put scenario '#include <boost/json.hpp>'
sees "JSON outside its rooms" server/scenario/unit.cpp:1
put engine '#include <lua5.4/lauxlib.h>'
sees "Lua outside script/" server/engine/unit.cpp:1
put engine '#include <openssl/evp.h>'
sees "OpenSSL outside tls/ and sasl/" server/engine/unit.cpp:1
put runner '#include <CLI/CLI.hpp>'
sees "CLI11 outside cli/" server/runner/unit.cpp:1
put engine '#include "../base/time.hpp"'
sees "a way around" server/engine/unit.cpp:1
put engine '#include "unit.cpp"'
sees "a name without its room" server/engine/unit.cpp:1
put attic ''
sees "an unknown room" server/attic/unit.cpp:1

if "$tools/floors" "$house" >/dev/null; then
  echo "an empty house was accepted"
  failures=$((failures + 1))
fi
exit $((failures > 0))
