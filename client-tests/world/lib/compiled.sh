# shellcheck shell=sh
# compiled.sh: a program that is compiled when it is first used, into build/world. Sourced.
#
#   compiled SOURCE NAME COMMAND...    runs COMMAND, with the path of what it shall write behind it, where NAME is missing
#                                      or older than SOURCE; $made is the result. Safe side by side

compiled() {
  source=$1 made=$(dirname "$(dirname "$(dirname "$(dirname "$(readlink -f "$1")")")")")/build/world/$2
  shift 2
  # A folder's age is that of the compiling, and mv keeps it.
  [ -z "$(find "$made" -maxdepth 0 -newer "$source" 2>/dev/null)" ] || return 0
  mkdir -p "$(dirname "$made")"
  (
    flock 9
    [ -z "$(find "$made" -maxdepth 0 -newer "$source" 2>/dev/null)" ] || exit 0
    rm -rf "$made.new"
    "$@" "$made.new" && rm -rf "$made" && mv "$made.new" "$made"
  ) 9>"$made.lock" >&2
}
