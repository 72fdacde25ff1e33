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

# Fetches the newest of PACKAGES from the repository at URL, whose signing key is on standard input's place, incoming/repository.pgp.
host_fetch_packages() {
    local url="$1"
    shift
    prepare_state
    install -m 644 "$STATE/incoming/repository.pgp" /usr/share/keyrings/livekit-conference.pgp
    printf 'Types: deb\nURIs: %s\nSuites: ./\nSigned-By: /usr/share/keyrings/livekit-conference.pgp\n' "$url" |
        replace /etc/apt/sources.list.d/livekit-conference.sources 644 && changing "apt's source $url"
    logged apt-get -q update -o Dir::Etc::SourceList=sources.list.d/livekit-conference.sources -o Dir::Etc::SourceParts=- \
        -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any ||
        refuse "the repository $url can't be read" "$(log_end)" "see that the host reaches it, and that the key is the right one"
    rm -f "$STATE"/incoming/*.deb
    (cd "$STATE/incoming" && logged apt-get -q -o APT::Sandbox::User=root download "$@") ||
        refuse "packages can't be fetched from $url" "$(log_end)" "see that it has them for $(dpkg --print-architecture)"
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

# Says what apt could not install there: host_missing_packages
host_missing_packages() {
    local package minimum candidate
    while read -r package minimum; do
        candidate="$(LC_ALL=C apt-cache policy "$package" | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }')"
        if [[ -z "$candidate" ]] || ! dpkg --compare-versions "$candidate" ge "$minimum"; then
            printf 'problem apt has %s on the host, %s %s or newer is needed: %s\n' \
                "${candidate:+$package $candidate only}${candidate:-no $package}" "$package" "$minimum" "$(source_of "$package")"
        fi
    done <<<$'postgresql-18 18.1\nredis-server 5:7.0\ncaddy 2.8'
}

# Where a package comes from on releases that lack it.
source_of() {
    case "$1" in
        postgresql-18) printf 'apt-get install postgresql-common && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y, on the host' ;;
        caddy) printf 'add the repository that https://caddyserver.com/docs/install names for Debian and Ubuntu, on the host' ;;
        *) printf 'a newer release of the system' ;;
    esac
}
