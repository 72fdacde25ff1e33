# shellcheck shell=bash
# Debian packages: installed only when missing. Sourced after common.sh.

APT_UPDATED=0

# Everything that building needs: the C libraries, and what the Swift tool chain itself asks for.
BUILD_PACKAGES=(
    ca-certificates curl git gnupg pkg-config procps tzdata unzip zlib1g-dev
    binutils gcc libc6-dev libstdc++-12-dev libedit2 libncurses-dev libxml2-dev libsqlite3-dev libz3-dev
    libsystemd-dev libpq-dev libhiredis-dev libssl-dev libmicrohttpd-dev libcurl4-openssl-dev libcjose-dev libargon2-dev
    libexpat1-dev libjansson-dev
)

# True when the Debian package is installed.
package_is_installed() {
    [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

# The version that apt would install of a package; empty when there is none.
package_candidate() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# Brings apt's lists up to date, once in a run.
apt_update() {
    [[ "$APT_UPDATED" == 0 ]] || return 0
    run_logged "$LOG_FOLDER/apt.log" "apt-get update" \
        "see that /etc/apt/sources.list and the network are in order, then run this again" \
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update
    APT_UPDATED=1
}

# Installs the packages that are missing: ensure_packages PACKAGE...
ensure_packages() {
    local package missing=()
    for package in "$@"; do
        package_is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    changing "apt-get install ${missing[*]}" || return 0
    require_root_access apt-get install "${missing[@]}"
    apt_update
    run_logged "$LOG_FOLDER/apt.log" "apt-get install ${missing[*]}" \
        "sudo apt-get install ${missing[*]}   and see what it says" \
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
        -o Dpkg::Options::=--force-confold install "${missing[@]}"
}

# Installs what building needs. Older and newer releases name the C++ library's headers by another number.
ensure_build_packages() {
    local package packages=()
    for package in "${BUILD_PACKAGES[@]}"; do
        if [[ "$package" == libstdc++-12-dev ]] && ! package_is_installed "$package"; then
            compgen -G '/usr/include/c++/*/vector' >/dev/null && continue
            package=g++
        fi
        packages+=("$package")
    done
    ensure_packages "${packages[@]}"
}

# Unpacks a Debian package into the cache folder, for a program of it without its services: ensure_unpacked PACKAGE
ensure_unpacked() {
    local package="$1" folder
    folder="$(unpacked_folder "$package")"
    [[ ! -d "$folder" ]] || return 0
    changing "the programs of $package, unpacked in $folder" || return 0
    apt_update
    rm -rf "$folder.new"
    mkdir -p "$folder.new"
    # As root, apt warns of a folder that its own account can't write to.
    run_logged "$LOG_FOLDER/apt.log" "apt-get download $package" "see that apt-get download $package works" \
        env -C "$folder.new" apt-get -q -o APT::Sandbox::User=root download "$package"
    dpkg-deb --extract "$folder.new"/*.deb "$folder.new"
    rm "$folder.new"/*.deb
    mv "$folder.new" "$folder"
}

unpacked_folder() {
    printf '%s/unpacked/%s' "$(cache_folder)" "$1"
}
