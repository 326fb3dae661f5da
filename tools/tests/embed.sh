#!/usr/bin/env bash
# embed.sh: what cmake/embed.cmake writes has each source byte for byte, whatever is in it. usage: tools/tests/embed.sh
set -euo pipefail
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/scenarios/greeting" "$work/scenarios/data/deep"
cd "$work/scenarios"

# shellcheck disable=SC2016
printf 'local s = [[a;b]] .. "\\n${x} @y@ $ENV{HOME}" -- µ )lua" )lua1"\n' >greeting/awkward.lua
printf 'return 1\r\nreturn 2\r\n' >greeting/carriage-return.lua
printf 'no line end %b' '\x5c' >data/deep/a-b.lua
: >data/a.lua
for ((i = 0; i < 4000; i++)); do printf -- '-- line %d of a long scenario\n' "$i"; done >long.lua

printf '%s\n' 'a data/a.lua' 'a-b data/deep/a-b.lua' 'awkward greeting/awkward.lua' \
  'carriage-return greeting/carriage-return.lua' 'long long.lua' >"$work/list"
cmake -D FOLDER="$work/scenarios" -D LIST="$work/list" -D OUTPUT="$work/catalogue.cpp" -P "$root/cmake/embed.cmake"

cat >"$work/unpack.cpp" <<'CPP'
#include <algorithm>
#include <filesystem>
#include <fstream>
#include "scenario/catalogue.hpp"
int main() {
  auto all = mailfault::catalogue();
  for (auto& entry : all) {
    auto folder = std::filesystem::path("unpacked") / entry.folder;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / (std::string(entry.id) + ".lua")) << entry.source;
  }
  return std::ranges::is_sorted(all, {}, &mailfault::CatalogueEntry::id) ? 0 : 1;
}
CPP
cd "$work"
"${CXX:-g++}" -std=c++20 -O0 -Wall -Wextra -Wpedantic -Werror -I "$root/server" unpack.cpp catalogue.cpp -o unpack
./unpack
diff -r scenarios unpacked

: >list
cmake -D FOLDER="$work/scenarios" -D LIST="$work/list" -D OUTPUT="$work/catalogue.cpp" -P "$root/cmake/embed.cmake"
"${CXX:-g++}" -std=c++20 -O0 -Wall -Wextra -Wpedantic -Werror -I "$root/server" -c catalogue.cpp -o empty.o
