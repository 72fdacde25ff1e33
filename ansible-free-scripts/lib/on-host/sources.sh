# shellcheck shell=bash
# Where apt takes packages from: sources of our own, each with the one key that may sign for it.

KEYRINGS=/usr/share/keyrings
SOURCES=/etc/apt/sources.list.d

# The version of PACKAGE that apt would install; empty when there is none.
candidate() {
    LC_ALL=C apt-cache policy "$1" | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# Whether apt has PACKAGE in version MINIMUM or newer.
apt_has() {
    local version
    version="$(candidate "$1")"
    [[ -n "$version" ]] && dpkg --compare-versions "$version" ge "$2"
}

# Adds, for each package in LINES (those of packaging/apt-sources) that this release lacks, the repository that has it:
# host_add_sources LINES
host_add_sources() {
    local package minimum url suite component key fingerprint name
    while read -r package minimum url suite component key fingerprint; do
        name="livekit-conference-$package"
        if [[ "$url" == - ]] || apt_has "$package" "$minimum" || [[ -e "$SOURCES/$name.sources" ]]; then continue; fi
        changing "apt's source $url for $package" || continue
        add_source "$name" "$url" "${suite//CODENAME/$(release_name)}" "$component" "$key" "$fingerprint"
    done <<<"$1"
}

release_name() {
    # shellcheck source=/dev/null
    (source /etc/os-release && printf '%s' "${VERSION_CODENAME:-$ID}")
}

# Adds a source with its key, or nothing at all: add_source NAME URL SUITE COMPONENT KEY_URL FINGERPRINT
add_source() {
    local name="$1" url="$2" suite="$3" component="$4" key_url="$5" fingerprint="$6" key
    prepare_state
    require_tools_for_keys
    key="$STATE/incoming/$name.key"
    logged curl --fail --silent --show-error --location --max-time 60 --output "$key" "$key_url" ||
        refuse "the key of $url can't be fetched" "$(log_end 3)" "see that the host reaches $key_url, then run this again"
    [[ "$(key_fingerprints "$key")" == "$fingerprint" ]] || refuse "the key of $url is not the one that is expected" \
        "$key_url has $(key_fingerprints "$key" | paste -sd ' '), packaging/apt-sources has $fingerprint" \
        "nothing of it was used. If whoever makes the repository has announced a new key, put its fingerprint into packaging/apt-sources"
    gpg_alone --dearmor <"$key" | replace "$KEYRINGS/$name.pgp" 644 || true # the same from an earlier run
    rm -f "$key"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: %s\nSigned-By: %s\n' "$url" "$suite" "$component" "$KEYRINGS/$name.pgp" |
        replace "$SOURCES/$name.sources" 644 || true # as above
    if ! update_source "$name"; then
        rm -f "$SOURCES/$name.sources" "$KEYRINGS/$name.pgp"
        refuse "the repository $url can't be used" "$(log_end 8)" \
            "it was taken away again. See that the host reaches it, and that it has packages for $suite and $(dpkg --print-architecture)"
    fi
}

require_tools_for_keys() {
    local tool missing=()
    for tool in curl gpg; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    ((${#missing[@]} == 0)) && [[ -e /etc/ssl/certs/ca-certificates.crt ]] && return 0
    logged env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 install \
        "${missing[@]}" ca-certificates ||
        refuse "${missing[*]} can't be installed, which looks at keys of repositories" "$(log_end)" "see what apt says, then run this again"
}

# gpg with nobody's keys.
gpg_alone() {
    local home status=0
    home="$(mktemp -d)"
    gpg --homedir "$home" --batch --quiet "$@" || status=$?
    rm -rf "$home"
    return "$status"
}

# The fingerprints of the keys in FILE, without their subkeys, a line each.
key_fingerprints() {
    gpg_alone --with-colons --show-keys "$1" 2>/dev/null | awk -F: '$1 == "pub" { of_key = 1 } $1 == "fpr" && of_key { print $10; of_key = 0 }'
}

# Brings apt's list of one source up to date: update_source NAME
update_source() {
    logged apt-get -q update -o Dir::Etc::SourceList="sources.list.d/$1.sources" -o Dir::Etc::SourceParts=- \
        -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any
}

# Says what apt could not install here: host_missing_packages LINES
host_missing_packages() {
    local package minimum url version
    while read -r package minimum url _; do
        version="$(candidate "$package")"
        if apt_has "$package" "$minimum" || [[ "$CHECK_ONLY" == 1 && "$url" != - ]]; then continue; fi
        if [[ -n "$version" ]]; then version="$package $version only"; else version="no $package"; fi
        printf 'problem apt has %s on the host, %s %s or newer is needed: a newer release of the system has it, or a repository that you add there\n' \
            "$version" "$package" "$minimum"
    done <<<"$1"
}
