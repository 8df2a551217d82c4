# shellcheck shell=bash
# Layers: packages (a tar made by mmdebstrap, the expensive one), then whatever a recipe builds on it.

# packages_layer NAME KEY SOURCES PACKAGE…: prints the tar's path
packages_layer() {
  local name=$1 key=$2 lines=$3 tar
  shift 3
  tar=$cache/$name-packages-${key:0:12}.tar
  if [[ ! -f $tar || -n ${MAMMATUS_FRESH:-} ]]; then
    step "$name: packages" bootstrap "$lines" "$scratch/packages.tar" "$@"
    mv "$scratch/packages.tar" "$tar"
    forget_others "$name-packages-" "$tar"
  fi
  layer=$tar
}

# of each kind of layer keep the newest two
forget_others() {
  local prefix=$1 keep=$2
  find "$cache" -mindepth 1 -maxdepth 1 -name "$prefix*" ! -path "$keep" -printf '%T@ %p\n' |
    sort -rn | tail -n +2 | cut -d ' ' -f 2- | xargs -r -d '\n' rm -rf
}

bootstrap() {
  local lines=$1 tar=$2 option options=()
  shift 2
  while IFS= read -r option; do options+=(--aptopt="$option"); done < <(apt_options)
  # documentation and translations are never unpacked; licences stay
  for option in 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' 'path-exclude=/usr/share/locale/*' \
    'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' 'path-exclude=/usr/share/lintian/*'; do
    options+=(--dpkgopt="$option")
  done
  # its own mount namespace: whatever happens to the build, no mount is left behind. mmdebstrap makes a folder for
  # itself under TMPDIR and the scratch folder's removal takes it along.
  mkdir -p "$scratch/tmp"
  TMPDIR=$scratch/tmp unshare --mount --pid --fork --kill-child \
    mmdebstrap --mode=root --variant=minbase --format=tar --include="$(
      IFS=,
      printf '%s' "$*"
    )" \
    "${options[@]}" --customize-hook='rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap' \
    "$(suite)" "$tar" "$(printf '%s\n' "$lines")"
}

# list FILE: names in a package list, without comments
list() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1"; }

# unpack TAR ROOT, lay RECIPE's overlay over it and run RECIPE's customize in it
assemble() {
  local tar=$1 root=$2 recipe=$3
  mkdir -p "$root"
  tar --extract --file "$tar" --directory "$root" --numeric-owner --xattrs --xattrs-include='*'
  cp -r --no-preserve=ownership --preserve=mode,links --remove-destination "$recipe/overlay/." "$root/"
  install -m 755 "$recipe/customize" "$root/customize"
  # shellcheck disable=SC2016  # expanded by the inner shell
  unshare --mount --pid --fork --kill-child bash -euc '
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/tmp"
    mount --bind /dev "$1/dev"
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      chroot "$1" /customize' - "$root"
  rm "$root/customize"
}

# squash TREE FILE [OPTION…]
squash() {
  local tree=$1 file=$2
  shift 2
  mksquashfs "$tree" "$file" -comp zstd -Xcompression-level "${squash_level:-3}" -b 128K -noappend -no-progress -quiet "$@"
}
