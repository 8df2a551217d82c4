# shellcheck shell=bash
# The node image: packages, then the system (configured and squashed, with kernel and initrd), then agent and runtime.

# What a node needs on its command line whatever it boots from; the boot script adds fetch=, BOOTIF= and mammatus.time=.
readonly node_arguments="boot=mammatus console=tty0 console=ttyS0,115200 quiet loglevel=4 systemd.show_status=false"

node_packages() {
  list "$here/node/packages"
  case ${MAMMATUS_KERNEL:-cloud} in
    cloud) printf '%s\n' linux-image-cloud-amd64 ;;
    generic)
      list "$here/node/packages.generic"
      if [[ ${MAMMATUS_NONFREE_FIRMWARE:-} == 1 ]]; then list "$here/node/packages.nonfree-firmware"; fi
      ;;
    *) die "MAMMATUS_KERNEL is cloud or generic, not ${MAMMATUS_KERNEL}" ;;
  esac
}

# system_layer KEY PACKAGES-TAR: folder with vmlinuz, initrd.img and a root.squashfs that has everything but /opt
system_layer() {
  local key=$1 tar=$2
  layer=$cache/node-system-${key:0:12}
  if [[ -d $layer && -z ${MAMMATUS_FRESH:-} ]]; then return; fi
  step "node: system" assemble "$tar" "$scratch/root" "$here/node"
  mkdir "$scratch/system"
  step "node: squash" squash_system "$scratch/root" "$scratch/system"
  rm -rf "$layer"
  mv "$scratch/system" "$layer"
  forget_others node-system- "$layer"
}

squash_system() {
  local root=$1 out=$2
  mv "$root"/boot/vmlinuz-* "$out/vmlinuz"
  mv "$root"/boot/initrd.img-* "$out/initrd.img"
  chmod 644 "$out/vmlinuz" "$out/initrd.img"
  # /opt comes with the agent; a second run of mksquashfs adds it to the file
  rm -rf "$root/opt" "$root"/boot/* "$root"/vmlinuz* "$root"/initrd.img*
  squash "$root" "$out/root.squashfs"
}

add_agent() {
  local agent=$1 runtime=$2 system=$3 out=$4 tree=$scratch/agent
  mkdir -p "$tree/opt/mammatus/agent" "$out"
  cp --reflink=auto "$system"/* "$out/"
  # an AOT cache is valid only with the times that the jars and the runtime had when it was made
  cp --preserve=timestamps "$agent"/*.jar "$tree/opt/mammatus/agent/"
  if [[ -f $agent/agent.aot ]]; then cp --preserve=timestamps "$agent/agent.aot" "$tree/opt/mammatus/agent/"; fi
  cp -r --preserve=timestamps,mode "$runtime" "$tree/opt/mammatus/runtime"
  chmod -R u=rwX,go=rX "$tree"
  mksquashfs "$tree" "$out/root.squashfs" -comp zstd -Xcompression-level 3 -all-root -no-recovery -no-progress -quiet
}

write_node_manifest() {
  local out=$1 version=$2
  {
    printf '{\n  "kind": "node",\n  "version": "%s",\n  "files": {' "$version"
    manifest_files "$out" vmlinuz initrd.img root.squashfs
    printf '\n  },\n  "kernelArguments": "%s"\n}\n' "$node_arguments"
  } >"$out/manifest.json"
}

build_node() {
  local agent="" runtime="" out="" lines packages base system version
  while [[ $# -gt 0 ]]; do
    case $1 in
      --agent) agent=${2:-} ;;
      --runtime) runtime=${2:-} ;;
      --out) out=${2:-} ;;
      *) die "node: unknown option $1" ;;
    esac
    shift $(($# > 1 ? 2 : 1))
  done
  [[ -n $agent && -n $runtime && -n $out ]] || die "node: --agent, --runtime and --out are needed"
  compgen -G "$agent/*.jar" >/dev/null || die "no jar in $agent"
  [[ -x $runtime/bin/java ]] || die "no bin/java in $runtime"
  need_tools mmdebstrap mksquashfs unshare
  need_root

  lines=$(sources)
  packages=$(node_packages)
  base=$(hash_text "$(suite)" "$lines" "$packages" "$(sha256sum <"$here/lib/layers.sh")")
  system=$(hash_text "$base" "$(hash_tree "$here/node")" "$(sha256sum <"$here/lib/node.sh")")
  version=$(hash_text "$system" "$(hash_tree "$agent" "$runtime")")
  version=${version:0:12}
  if up_to_date "$out" "$version"; then
    say "node: $version is there already"
    return
  fi
  lock_cache
  open_scratch
  if [[ ! -d $cache/node-system-${system:0:12} || -n ${MAMMATUS_FRESH:-} ]]; then
    # shellcheck disable=SC2086  # one word a package
    packages_layer node "$base" "$lines" $packages
    system_layer "$system" "$layer"
  fi
  step "node: agent" add_agent "$agent" "$runtime" "$cache/node-system-${system:0:12}" "$scratch/out"
  write_node_manifest "$scratch/out" "$version"
  publish "$scratch/out" "$out"
  say "node: $version, $(du -h "$out/root.squashfs" | cut -f 1) root, $(du -h "$out/initrd.img" | cut -f 1) initrd"
}
