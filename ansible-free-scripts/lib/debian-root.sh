# shellcheck shell=bash
# Root file systems of a Debian release in the cache folder: to build packages in, and to test them in. Needs root.
# Sourced after common.sh, folders.sh and packages.sh.
# shellcheck disable=SC2034 # DEBIAN_ROOT, REACHABLE_ROOT and PACKAGES_SUITE are read by callers

# The release that packages are tested on: it has every version that they ask for.
PACKAGES_SUITE=sid

DEBIAN_MIRROR="${DEBIAN_MIRROR:-http://deb.debian.org/debian}"

# Prints the folder of roots.
roots_folder() {
    printf '%s/roots' "$(cache_folder)"
}

# Makes sure of a minimal system of SUITE; prints nothing, sets DEBIAN_ROOT. It is a template: copy it, don't change it.
ensure_debian_root() {
    local suite="$1" folder
    folder="$(roots_folder)/$suite-base"
    DEBIAN_ROOT="$folder"
    [[ ! -d "$folder" ]] || return 0
    changing "a minimal Debian $suite in $folder" || return 0
    ensure_packages debootstrap ca-certificates
    rm -rf "$folder.new"
    mkdir -p "$folder.new"
    run_logged "$LOG_FOLDER/debootstrap.log" "debootstrap $suite" "see that $DEBIAN_MIRROR can be reached" \
        debootstrap --variant=minbase --include=ca-certificates "$suite" "$folder.new" "$DEBIAN_MIRROR"
    # The mirror may be an old copy; packages that were fetched once stay for the next root.
    cat >"$folder.new/etc/apt/apt.conf.d/10cache" <<'C'
Acquire::Check-Valid-Until "false";
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
Binary::apt::APT::Keep-Downloaded-Packages "true";
C
    rm -f "$folder.new/etc/apt/apt.conf.d/docker-clean"
    # Once, so that all roots made from this one know the same versions.
    run_logged "$LOG_FOLDER/debootstrap.log" "apt-get update" "see that $DEBIAN_MIRROR can be reached" \
        in_root "$folder.new" apt-get -q update
    mv "$folder.new" "$folder"
}

# Makes sure of a system of SUITE that boots under systemd-nspawn; sets MACHINE_ROOT. A template too.
ensure_machine_root() {
    MACHINE_ROOT="$(roots_folder)/$1-machine"
    [[ ! -d "$MACHINE_ROOT" ]] || return 0
    ensure_debian_root "$1"
    # python3 runs the stand-in for LiveKit, iproute2 and procps show what listens and runs.
    extend_root "$DEBIAN_ROOT" "$MACHINE_ROOT" "a Debian $1 that boots" systemd systemd-sysv dbus iproute2 procps python3
}

# Makes sure of one that is reached by SSH and has a firewall, as a host in a cloud; sets REACHABLE_ROOT. A template too.
ensure_reachable_root() {
    REACHABLE_ROOT="$(roots_folder)/$1-reachable"
    [[ ! -d "$REACHABLE_ROOT" ]] || return 0
    ensure_machine_root "$1"
    extend_root "$MACHINE_ROOT" "$REACHABLE_ROOT" "a Debian $1 with SSH" openssh-server sudo curl iptables iptables-persistent
}

# Makes the root TO of FROM with more packages: extend_root FROM TO WHAT PACKAGE...
extend_root() {
    local from="$1" to="$2" what="$3"
    shift 3
    changing "$what in $to" || return 0
    copy_root "$from" "$to.new"
    run_logged "$LOG_FOLDER/machine-root.log" "installing $*" "read $LOG_FOLDER/machine-root.log" \
        in_root "$to.new" apt-get -q -y install "$@"
    mv "$to.new" "$to"
}

# Runs COMMAND... while no other checkout on this machine installs or downloads packages in these roots, which all share.
alone_with_roots() {
    local lock status=0
    mkdir -p "$(roots_folder)"
    exec {lock}>"$(roots_folder)/lock"
    flock "$lock"
    "$@" || status=$?
    exec {lock}>&-
    return "$status"
}

# Fetches what the .deb files in FOLDER depend on, so that apt can install them in MACHINE_ROOT without a network.
fetch_dependencies() {
    # shellcheck disable=SC2016 # expanded inside
    IN_ROOT_BIND_FROM="$1" IN_ROOT_BIND_TO=/mnt alone_with_roots in_root "$MACHINE_ROOT" \
        bash -c 'apt-get -q -y --download-only install /mnt/*.deb'
}

# Copies the root FROM to TO as fast as the file system can.
copy_root() {
    rm -rf "$2"
    cp -a --reflink=auto "$1" "$2"
}

# Runs a command in ROOT with /proc and the network, and with apt's downloads shared between roots: in_root ROOT COMMAND...
# What it mounts goes away with it.
in_root() {
    local root="$1" archives
    shift
    archives="$(cache_folder)/apt-archives"
    mkdir -p "$archives/partial" "$root/var/cache/apt/archives"
    # shellcheck disable=SC2016 # expanded inside
    unshare --mount --pid --fork --kill-child bash -c '
        set -e
        mount --make-rprivate /
        mount -t proc proc "$1/proc"
        mount --bind "$2" "$1/var/cache/apt/archives"
        # Its own: SwiftPM keeps a lock there for each build folder, and all checkouts build in a folder of the same name.
        mount -t tmpfs tmpfs "$1/tmp"
        [[ -z "$3" ]] || { mkdir -p "$1$4"; mount --bind "$3" "$1$4"; }
        cp -L /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null || true # the same file, when it is this one
        root="$1"
        shift 4
        exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-}" DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-}" "$@"
    ' in_root "$root" "$archives" "${IN_ROOT_BIND_FROM:-}" "${IN_ROOT_BIND_TO:-}" "$@"
}
