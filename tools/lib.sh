# shellcheck shell=bash
# lib.sh: what the scripts of tools/ share. Sourced by its absolute path; sets $root, the repository's folder.
#
#   install_packages NEED...        the Debian packages of these lists (tools/packages) that are missing
#   unpack_package NAME DIR         the files of a Debian package in DIR: not installed, nothing setuid
#   build PRESET DIR [TARGET...]    configures DIR by CMakePresets.json where needed, and builds
#   program_stale, build_program    build/mailfault: is it older than its sources? build it, quietly
#   say, die                        a line to stderr; the same and the end

root=${BASH_SOURCE[0]%/tools/lib.sh}
# shellcheck source=tools/packages
. "$root/tools/packages"

say() { printf '%s\n' "$*" >&2; }

# 3, as when mailfault can't run a command: 1 would be a verdict.
die() {
  say "$@"
  exit 3
}

nobody_to_ask() { [ "${CI:-}" = true ] || [ ! -t 0 ] || [ ! -t 2 ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif nobody_to_ask; then
    sudo -n "$@"
  else
    sudo "$@"
  fi
}

# The stamp build/.packages/NEED spares the question when the answer is known.
install_packages() {
  local need installed name removed log="$root/build/packages.log" stamps="$root/build/.packages"
  local -a fresh=() missing=()
  mkdir -p "$stamps"
  for need in "$@"; do
    [ "$stamps/$need" -nt "$root/tools/packages" ] && continue
    fresh+=("$stamps/$need")
    local -n list="packages_$need"
    installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "${list[@]}" 2>/dev/null || true)"
    for name in "${list[@]}"; do
      [[ $installed == *" installed=$name "* ]] || missing+=("$name")
    done
  done
  [ ${#fresh[@]} -gt 0 ] || return 0

  if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
      say "not a Debian machine: going on, but this needs the like of: ${missing[*]}"
    else
      say "installing Debian packages: ${missing[*]}"
      [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "that needs root, and there is no sudo: have root install them"
      local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
      local -a install=(install --no-install-recommends "${missing[@]}")
      as_root "${apt[@]}" -qq update >"$log" 2>&1 || say "apt-get update failed: going on with the lists that are here"
      removed=$("${apt[@]}" -s "${install[@]}" 2>/dev/null | sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' ')
      [ -z "$removed" ] || say "they replace: $removed"
      if nobody_to_ask; then
        as_root "${apt[@]}" -y -qq -o Dpkg::Use-Pty=0 "${install[@]}" </dev/null >>"$log" 2>&1 || {
          tail -n 20 "$log" >&2
          die "the packages could not be installed; try: apt-get install ${missing[*]}"
        }
      else
        as_root "${apt[@]}" "${install[@]}" >&2 || die "the packages could not be installed"
      fi
    fi
  fi
  touch "${fresh[@]}"
}

# For mail systems: installed they would start a service, and one would replace the other.
unpack_package() {
  local name=$1 dir=$2
  [ ! -d "$dir" ] || return 0
  local -a download=(apt-get -qq -o APT::Sandbox::User=root download "$name")
  rm -rf "$dir.unpacking"
  mkdir -p "$dir.unpacking"
  (
    cd "$dir.unpacking" || exit
    "${download[@]}" 2>/dev/null || { as_root apt-get -qq update >&2 && "${download[@]}"; }
    dpkg -x "$name"_*.deb . && find . -type f -perm /6000 -exec chmod ug-s {} +
  ) && mv "$dir.unpacking" "$dir"
}

# One build at a time in a folder: launchers may start side by side. The stamp .built has the time the build began at.
build() {
  local preset=$1 dir=$root/$2
  shift 2
  mkdir -p "$dir"
  (
    flock 9
    cd "$root" || exit
    touch "$dir/.building" && configure "$preset" "$dir" &&
      cmake --build "$dir" --parallel "$(nproc)" ${1:+--target "$@"} && mv "$dir/.building" "$dir/.built"
  ) 9>"$dir/.lock"
}

# Ninja configures anew by itself when a CMakeLists.txt changes; this is for the rest.
configure() {
  local cache="$2/CMakeCache.txt"
  if [ ! -f "$2/build.ninja" ] || ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
    cmake --fresh --preset "$1"
  elif [ "$root/CMakePresets.json" -nt "$2/build.ninja" ]; then
    cmake --preset "$1"
  fi
}

program_stale() {
  local built="$root/build/.built"
  [ -x "$root/build/mailfault" ] && [ -e "$built" ] || return 0
  [ -n "$(find "$root"/{server,scenarios,cmake,CMakeLists.txt,CMakePresets.json,tools/packages} \
    -path "$root/server/tests" -prune -o -newer "$built" -print -quit)" ]
}

build_program() {
  local log="$root/build/build.log" notice=
  install_packages build
  if [ ! -x "$root/build/mailfault" ]; then
    say "building mailfault (first time: about $(((6 + $(nproc) - 1) / $(nproc))) minutes)"
  else
    { sleep 3 >/dev/null 2>&1 && say "building mailfault (its sources have changed)"; } &
    notice=$!
  fi
  if ! build dev build mailfault </dev/null >"$log" 2>&1; then
    [ -z "$notice" ] || kill "$notice" 2>/dev/null || true
    rm -rf "$root/build/.packages" # look again next time: perhaps one was removed
    tail -n 60 "$log" >&2
    die "mailfault could not be built; the whole log is $log"
  fi
  [ -z "$notice" ] || kill "$notice" 2>/dev/null || true
}
