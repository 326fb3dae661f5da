#!/usr/bin/env bash
# readme_examples.sh: every whole scenario that scenarios/README.md shows loads, and its examples hold.
#
# usage: tools/tests/readme_examples.sh [MAILFAULT]    the program; else the variable MAILFAULT, else build/mailfault
#
# A block that opens with ```lua is a whole file; one that opens with ```Lua is a fragment and is left alone. A file
# has as many empty lines before the block as the README has, so the lines that errors name are the README's.
set -euo pipefail
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
mailfault=$(readlink -f "${1:-${MAILFAULT:-$root/build/mailfault}}")
readme=$root/scenarios/README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk -v folder="$work" '
  /^```/ {
    if (open) { close(file); open = 0; next }
    open = 1
    whole = $0 == "```lua"
    if (!whole) next
    file = folder "/README-" (NR + 1) ".lua"
    first = NR + 1
    for (i = 1; i <= NR; i++) print "" >file
    next
  }
  open && whole {
    if (NR == first && $0 !~ /^scenario \{/) {
      printf "scenarios/README.md:%d: a ```lua block begins with `scenario {`; mark a fragment with ```Lua\n", NR
      bad = 1
    }
    print >file
  }
  END {
    if (open) { printf "scenarios/README.md: the last block has no end\n"; bad = 1 }
    exit bad
  }' "$readme"

cd "$work"
shopt -s nullglob
examples=(README-*.lua)
if [ ${#examples[@]} = 0 ]; then
  echo "scenarios/README.md has no \`\`\`lua block: either it lost its examples, or this test is out of date"
  exit 1
fi
"$mailfault" check --quiet "${examples[@]}"
