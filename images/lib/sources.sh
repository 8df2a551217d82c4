# shellcheck shell=bash
# Where packages come from: the distribution's own archive, never a third party's that the machine also uses.

suite() {
  # shellcheck source=/dev/null
  printf '%s' "${MAMMATUS_SUITE:-$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")}"
}

# What apt is set up with, in either format, one line a source: URI RELEASE ORIGIN. The origin is what the archive says
# of itself in its signed Release file; before the first "apt-get update" apt does not know it, and the name of the
# file that lists the source decides.
machine_sources() {
  # shellcheck disable=SC2016  # apt's own placeholders
  apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(SOURCESENTRY)' 'Created-By: Packages' |
    while IFS='|' read -r uri release origin entry; do
      if [[ $origin == '$(ORIGIN)' ]]; then
        case $entry in
          /etc/apt/sources.list:* | */debian.sources:*) origin=Debian ;;
          *) origin=unknown ;;
        esac
      fi
      printf '%s %s %s\n' "$uri" "$release" "$origin"
    done | sort -u
}

components() {
  printf 'main'
  if [[ ${MAMMATUS_NONFREE_FIRMWARE:-} == 1 ]]; then printf ' non-free-firmware'; fi
}

# sources: "deb" lines for the image
sources() {
  local wanted codename uri release origin found=""
  wanted=$(suite)
  [[ -n $wanted ]] || die "this machine's release is unknown: set MAMMATUS_SUITE"
  if [[ -n ${MAMMATUS_MIRROR:-} ]]; then
    configured_sources "$wanted"
    return
  fi
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  while read -r uri release origin; do
    [[ $origin == Debian ]] || continue
    case $release in
      "$codename") found=1 ;;
      "$codename-updates" | "$codename-security") ;;
      *) continue ;;
    esac
    printf 'deb %s %s %s\n' "$uri" "${release/#$codename/$wanted}" "$(components)"
  done < <(machine_sources)
  [[ -n $found ]] || die "apt on this machine has no source for $codename itself: set MAMMATUS_MIRROR"
}

configured_sources() {
  local wanted=$1 mirror=${MAMMATUS_MIRROR%/} security
  security=${MAMMATUS_SECURITY_MIRROR:-$mirror-security}
  printf 'deb %s %s %s\n' "$mirror" "$wanted" "$(components)" "$mirror" "$wanted-updates" "$(components)"
  if [[ $security != none ]]; then printf 'deb %s %s-security %s\n' "${security%/}" "$wanted" "$(components)"; fi
}

# How this machine reaches archives (proxies, certificates, validity checks), for the build only
apt_options() {
  apt-config dump | grep -E '^Acquire::(http|https|Check-Valid-Until|Check-Date|Retries)\b.*"[^"]+";$' || true
}
