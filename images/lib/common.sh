# shellcheck shell=bash
# Progress, failure, options, hashes, and output that appears only when it is whole.

readonly cache=${MAMMATUS_CACHE:-$(dirname "$here")/build/cache}
scratch=""

say() { printf '[images] %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# step LABEL COMMAND…: run quietly, report the time; on failure show the end of what it said
step() {
  local label=$1 begin=$SECONDS log
  shift
  log=$(mktemp "$scratch/log.XXXXXX")
  printf '[images] %s …' "$label" >&2
  # not "if ! …": inside a condition the shell would ignore errors in functions
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1
  local status=$?
  set -e
  if [[ $status -ne 0 ]]; then
    printf ' failed\n' >&2
    tail -n 30 "$log" >&2
    exit "$status"
  fi
  printf ' %s s\n' "$((SECONDS - begin))" >&2
}

need_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "$tool is not installed"
  done
}

need_root() { [[ $EUID -eq 0 ]] || die "building an image needs root"; }

# everything unfinished is in one folder beside the cache; it goes away however the build ends
open_scratch() {
  mkdir -p "$cache"
  scratch=$(mktemp -d "$cache/.unfinished.XXXXXX")
  trap close_scratch EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

close_scratch() {
  [[ -n $scratch ]] && rm -rf --one-file-system "$scratch"
  return 0
}

# what a build that was killed left; of one that runs nothing is touched
clean_scratch() {
  [[ -d $cache ]] || return 0
  exec 9>"$cache/.lock"
  flock --nonblock 9 || die "an image is being built: nothing of it is removed"
  rm -rf --one-file-system "$cache"/.unfinished.* "$cache"/*.part
}

# one build at a time fills the cache; a second one waits and then finds it filled
lock_cache() {
  mkdir -p "$cache"
  exec 9>"$cache/.lock"
  flock 9
}

# hash of names, modes and contents of everything below the paths given
hash_tree() {
  local path
  for path in "$@"; do
    (cd "$path" && find . \( -type f -o -type l \) -printf '%P %m %l\n' | LC_ALL=C sort)
    (cd "$path" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum)
  done | sha256sum | cut -c 1-64
}

hash_text() { printf '%s\n' "$@" | sha256sum | cut -c 1-64; }

# manifest_files DIR NAME…: the "files" object
manifest_files() {
  local dir=$1 name separator=""
  shift
  for name in "$@"; do
    printf '%s\n    "%s": {"sha256": "%s", "bytes": %s}' "$separator" "$name" \
      "$(sha256sum "$dir/$name" | cut -c 1-64)" "$(stat -c %s "$dir/$name")"
    separator=,
  done
}

# up_to_date OUT VERSION: is this very version there already, whole?
up_to_date() {
  local out=$1 version=$2 name bytes
  [[ -z ${MAMMATUS_FRESH:-} && -f $out/manifest.json ]] || return 1
  grep -q "\"version\": \"$version\"" "$out/manifest.json" || return 1
  while read -r name bytes; do
    [[ $(stat -c %s "$out/$name" 2>/dev/null) == "$bytes" ]] || return 1
  done < <(sed -n 's/^ *"\([^"]*\)": {"sha256": .*"bytes": \([0-9]*\)}.*/\1 \2/p' "$out/manifest.json")
}

# publish FROM OUT: the files first, the manifest last, each by a rename; without a manifest nothing is finished
publish() {
  local from=$1 out=$2 file
  mkdir -p "$out"
  rm -f "$out/manifest.json"
  for file in "$from"/*; do
    [[ ${file##*/} == manifest.json ]] && continue
    put "$file" "$out/${file##*/}"
  done
  put "$from/manifest.json" "$out/manifest.json"
}

put() {
  cp --reflink=auto "$1" "$2.new"
  mv "$2.new" "$2"
}
