# shellcheck shell=bash
# The guest image: an LXD container image in two files, as LXD's split format wants them.

guest_name() {
  case $(suite) in
    bookworm) printf 'debian-12' ;;
    trixie) printf 'debian-13' ;;
    *) printf 'debian-%s' "$(suite)" ;;
  esac
}

write_guest_metadata() {
  local out=$1 name=$2 dir=$scratch/metadata
  mkdir -p "$dir/templates"
  cat >"$dir/metadata.yaml" <<YAML
architecture: x86_64
creation_date: $(date +%s)
properties:
  os: debian
  release: $(suite)
  name: $name
  description: Debian $(suite) with cloud-init
templates: {}
YAML
  tar --create --gzip --file "$out/metadata.tar.gz" --directory "$dir" --owner=0 --group=0 --numeric-owner \
    metadata.yaml templates
}

write_guest_manifest() {
  local out=$1 name=$2 version=$3
  {
    printf '{\n  "kind": "guest",\n  "name": "%s",\n  "version": "%s",\n  "files": {' "$name" "$version"
    manifest_files "$out" rootfs.squashfs metadata.tar.gz
    printf '\n  }\n}\n'
  } >"$out/manifest.json"
}

squash_guest() {
  mkdir -p "$2"
  squash "$1" "$2/rootfs.squashfs"
}

# guest_layer KEY PACKAGES-TAR NAME
guest_layer() {
  local key=$1 tar=$2 name=$3
  step "guest: system" assemble "$tar" "$scratch/root" "$here/guest"
  step "guest: squash" squash_guest "$scratch/root" "$scratch/image"
  write_guest_metadata "$scratch/image" "$name"
  write_guest_manifest "$scratch/image" "$name" "${key:0:12}"
  layer=$cache/guest-image-${key:0:12}
  rm -rf "$layer"
  mv "$scratch/image" "$layer"
  forget_others guest-image- "$layer"
}

build_guest() {
  local out="" lines packages base key name
  [[ ${1:-} == --out && -n ${2:-} ]] || die "guest: --out is needed"
  out=$2
  need_tools mmdebstrap mksquashfs unshare
  need_root

  lines=$(sources)
  packages=$(list "$here/guest/packages")
  name=$(guest_name)
  base=$(hash_text "$(suite)" "$lines" "$packages" "$(sha256sum <"$here/lib/layers.sh")")
  key=$(hash_text "$base" "$name" "$(hash_tree "$here/guest")" "$(sha256sum <"$here/lib/guest.sh")")
  if up_to_date "$out" "${key:0:12}"; then
    say "guest: ${key:0:12} is there already"
    return
  fi
  lock_cache
  open_scratch
  layer=$cache/guest-image-${key:0:12}
  if [[ ! -d $layer || -n ${MAMMATUS_FRESH:-} ]]; then
    # shellcheck disable=SC2086  # one word a package
    packages_layer guest "$base" "$lines" $packages
    guest_layer "$key" "$layer" "$name"
  fi
  publish "$layer" "$out"
  say "guest: $name ${key:0:12}, $(du -h "$out/rootfs.squashfs" | cut -f 1)"
}
