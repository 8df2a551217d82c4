# shellcheck shell=bash
# The boot loaders that the PXE server hands out, from the distribution's iPXE package.

build_loaders() {
  local out="" from=/usr/lib/ipxe name names=(snponly.efi ipxe.efi undionly.kpxe)
  [[ ${1:-} == --out && -n ${2:-} ]] || die "loaders: --out is needed"
  out=$2
  for name in "${names[@]}"; do
    [[ -f $from/$name ]] || die "$from/$name is missing: install the package ipxe"
  done
  open_scratch
  mkdir "$scratch/out"
  for name in "${names[@]}"; do cp "$from/$name" "$scratch/out/$name"; done
  {
    printf '{\n  "kind": "loaders",\n  "version": "%s",\n  "files": {' "$(hash_tree "$scratch/out" | cut -c 1-12)"
    manifest_files "$scratch/out" "${names[@]}"
    printf '\n  }\n}\n'
  } >"$scratch/manifest.json"
  mv "$scratch/manifest.json" "$scratch/out/"
  publish "$scratch/out" "$out"
  say "loaders: ${names[*]}"
}
