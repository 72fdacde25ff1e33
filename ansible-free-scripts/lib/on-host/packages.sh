# shellcheck shell=bash
# The host's packages: those in incoming/ are wanted, current/ has those that were installed last, previous/ those before.

# Prints the digests and names of the packages that are kept, so that none is sent twice: host_packages
host_packages() {
    local folder
    for folder in current incoming; do
        (cd "$STATE/$folder" 2>/dev/null && sha256sum -- *.deb 2>/dev/null | sed "s|  |  $folder/|") || true # there may be none
    done
}

# Leaves in incoming/ exactly NAMES (files), taking from current/ what is there: host_select_packages NAME...
host_select_packages() {
    local file
    prepare_state
    for file in "$STATE"/incoming/*.deb "$STATE"/incoming/*.part; do
        [[ -e "$file" ]] || continue
        [[ " $* " == *" ${file##*/} "* ]] || rm -f "$file"
    done
    for file in "$@"; do
        [[ -e "$STATE/incoming/$file" ]] || ln "$STATE/current/$file" "$STATE/incoming/$file" ||
            refuse "the package $file is not on the host" "" "run this again"
    done
}

# Fetches the newest of PACKAGES from the repository at URL, whose signing key is incoming/repository.pgp; those whose name ends in ? only when
# it has them: host_fetch_packages URL PACKAGE...
host_fetch_packages() {
    local url="$1" package wanted=()
    shift
    prepare_state
    install -m 644 "$STATE/incoming/repository.pgp" "$KEYRINGS/livekit-conference.pgp"
    rm "$STATE/incoming/repository.pgp"
    printf 'Types: deb\nURIs: %s\nSuites: ./\nSigned-By: %s\n' "$url" "$KEYRINGS/livekit-conference.pgp" |
        replace "$SOURCES/livekit-conference.sources" 644 && changing "apt's source $url"
    update_source livekit-conference ||
        refuse "the repository $url can't be read" "$(log_end 8)" "see that the host reaches it, and that --repository-key is its key"
    for package in "$@"; do
        if [[ "$package" != *\? ]]; then
            wanted+=("$package")
        elif [[ -n "$(candidate "${package%\?}")" ]]; then
            wanted+=("${package%\?}")
        fi
    done
    rm -f "$STATE"/incoming/*.deb
    (cd "$STATE/incoming" && logged apt-get -q -o APT::Sandbox::User=root download "${wanted[@]}") ||
        refuse "packages can't be fetched from $url" "$(log_end 8)" "see that it has them for $(dpkg --print-architecture)"
}

package_name() {
    printf '%s' "${1##*/}" | cut -d_ -f1
}

# The files in incoming/ that differ from what is installed.
packages_to_install() {
    local file
    for file in "$STATE"/incoming/*.deb; do
        [[ -e "$file" ]] || continue
        if [[ "$(installed_version "$(package_name "$file")")" != "$(dpkg-deb --field "$file" Version)" ]] ||
            { [[ -e "$STATE/current/${file##*/}" ]] && ! cmp -s "$file" "$STATE/current/${file##*/}"; }; then
            printf '%s\n' "$file"
        fi
    done
}

# Installs FILES, in one go, also older ones and those of the same version.
install_packages() {
    logged env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -y --allow-downgrades --reinstall \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 install "$@"
}

# apt's lists, when they are older than a day.
host_package_lists() {
    prepare_state
    [[ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mtime -1 -print -quit)" ]] || return 0
    changing "apt-get update" || return 0
    logged apt-get -q update || tell "apt-get update failed; the lists that are there are used"
}
