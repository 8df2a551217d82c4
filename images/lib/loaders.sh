# shellcheck shell=bash
# The boot loaders that the PXE server hands out: iPXE from the distribution's package, and for machines that enforce Secure
# Boot its shim and GRUB, which are signed.

# The packages of shim and GRUB are taken apart and not installed: they could make this machine's own disk boot otherwise.
readonly signed_packages=(shim-signed grub-efi-amd64-signed)
readonly signed_shim=usr/lib/shim/shimx64.efi.signed
readonly signed_grub=usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed

# signed_loaders OUT: shimx64.efi and grubx64.efi, the name by which the shim asks for it; without the archive those of the
# last time, or none
signed_loaders() {
  local out=$1 kept=$cache/signed-loaders
  if [[ -f /$signed_shim && -f /$signed_grub ]]; then
    cp "/$signed_shim" "$out/shimx64.efi"
    cp "/$signed_grub" "$out/grubx64.efi"
    return
  fi
  if (download_signed "$scratch/signed") >"$scratch/signed.log" 2>&1; then
    rm -rf "$kept"
    mkdir -p "$kept"
    cp "$scratch/signed/$signed_shim" "$kept/shimx64.efi"
    cp "$scratch/signed/$signed_grub" "$kept/grubx64.efi"
  fi
  if [[ -f $kept/shimx64.efi && -f $kept/grubx64.efi ]]; then
    cp "$kept/shimx64.efi" "$kept/grubx64.efi" "$out/"
  else
    say "loaders: without Secure Boot, since ${signed_packages[*]} could not be had: $(tail -n 1 "$scratch/signed.log")"
  fi
}

# (called in a condition, where the shell goes on after an error)
download_signed() {
  local tree=$1 package
  mkdir -p "$tree/packages" && cd "$tree/packages" || return
  # apt checks what it downloads by the archive's signature
  apt-get download -q "${signed_packages[@]}" || return
  for package in *.deb; do dpkg-deb -x "$package" "$tree" || return; done
  [[ -f $tree/$signed_shim && -f $tree/$signed_grub ]]
}

build_loaders() {
  local out="" from=/usr/lib/ipxe name names=(snponly.efi ipxe.efi undionly.kpxe)
  [[ ${1:-} == --out && -n ${2:-} ]] || die "loaders: --out is needed"
  out=$2
  for name in "${names[@]}"; do
    [[ -f $from/$name ]] || die "$from/$name is missing: install the package ipxe"
  done
  open_scratch
  mkdir "$scratch/out"
  # later releases of the package (Debian 13) have it for arm64, too
  for name in "${names[@]}" ipxe-arm64.efi; do
    if [[ -f $from/$name ]]; then cp "$from/$name" "$scratch/out/$name"; fi
  done
  signed_loaders "$scratch/out"
  mapfile -t names < <(cd "$scratch/out" && printf '%s\n' *)
  {
    printf '{\n  "kind": "loaders",\n  "version": "%s",\n  "files": {' "$(hash_tree "$scratch/out" | cut -c 1-12)"
    manifest_files "$scratch/out" "${names[@]}"
    printf '\n  }\n}\n'
  } >"$scratch/manifest.json"
  mv "$scratch/manifest.json" "$scratch/out/"
  publish "$scratch/out" "$out"
  say "loaders: ${names[*]}"
}
