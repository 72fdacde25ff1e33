# shellcheck shell=bash
# The disk, the kernel and the key of an arm64 Debian that boots in an emulator, in the cache folder: everything that a host of the
# videoconference needs, but not our own packages. Needs root. Sourced after debian-root.sh.
# shellcheck disable=SC2034,SC2153 # ARM64_MACHINE is read by callers, ROOT is of common.sh

# What our packages depend on, so that they can be installed in it without a network.
ARM64_PACKAGES=(
    adduser age ca-certificates curl init-system-helpers libnss-systemd openssl
    libargon2-1 libcjose0 libcurl4t64 libexpat1 libhiredis1.1.0 libjansson4 libmicrohttpd12t64 libpq5 libssl3t64 libsystemd0
    postgresql-18 redis-server caddy
    # The machine itself; python3 runs the stand-in for LiveKit.
    systemd systemd-sysv dbus udev kmod iproute2 procps python3 busybox-static openssh-server
)

# Lets this host run arm64's programs, which Debian's maintainer scripts are.
ensure_arm64_programs() {
    [[ "$(dpkg --print-architecture)" != arm64 ]] || return 0
    ensure_packages qemu-user-static arch-test
    ! arch-test arm64 >/dev/null 2>&1 || return 0
    changing "running arm64's programs by qemu-user (binfmt_misc)" || return 0
    [[ -e /proc/sys/fs/binfmt_misc/register ]] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
    cat /usr/lib/binfmt.d/qemu-aarch64*.conf >/proc/sys/fs/binfmt_misc/register
    arch-test arm64 >/dev/null || fail "arm64's programs don't run here" "" "arch-test arm64   and see /proc/sys/fs/binfmt_misc"
}

# Makes sure of the machine of SUITE; sets ARM64_MACHINE. It is a template: run it with a disk on top.
ensure_arm64_machine() {
    local suite="$1" work
    ARM64_MACHINE="$(cache_folder)/arm64-machine-$suite"
    # One that was made for other packages is made anew.
    [[ "$(cat "$ARM64_MACHINE/packages" 2>/dev/null)" != "${ARM64_PACKAGES[*]}" ]] || return 0
    changing "an arm64 Debian $suite in $ARM64_MACHINE, which takes ten minutes and more" || return 0
    ensure_arm64_programs
    work="$ARM64_MACHINE.new"
    rm -rf "$work"
    mkdir -p "$work"
    # What is mounted goes away with it. The database of hardware's names, which nobody reads here, would take a minute to make.
    run_logged "$LOG_FOLDER/arm64-machine.log" "mmdebstrap $suite" "read $LOG_FOLDER/arm64-machine.log" \
        unshare --mount mmdebstrap --verbose --arch=arm64 --variant=minbase --include="$(IFS=, && printf '%s' "${ARM64_PACKAGES[*]}")" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/lib/udev/hwdb.d/*' \
        --customize-hook="bash -euc 'source \"$ROOT/ansible-free-scripts/lib/arm64-machine.sh\" && fetch_arm64_kernel \"$work/kernel\"'" \
        "$suite" "$work/root" "$DEBIAN_MIRROR"
    set_up_arm64_machine "$work/root"
    admit_to_arm64_machine "$work" "$work/root"
    add_arm64_kernel "$work/kernel" "$work/root"
    mv "$work"/root/lib/modules/*/vmlinuz "$work/vmlinuz"
    cp "$work/root/usr/bin/busybox" "$work/busybox"
    run_logged "$LOG_FOLDER/arm64-machine.log" "mkfs.ext4" "read $LOG_FOLDER/arm64-machine.log" \
        mkfs.ext4 -q -E root_owner=0:0 -d "$work/root" "$work/disk" 6G
    rm -r "$work/root" "$work/kernel"
    printf '%s\n' "${ARM64_PACKAGES[*]}" >"$work/packages"
    rm -rf "$ARM64_MACHINE"
    mv "$work" "$ARM64_MACHINE"
}

# Fetches Debian's kernel into FOLDER: the program and the modules, which are packages of their own. Run by mmdebstrap, which has told
# apt of the machine's lists.
fetch_arm64_kernel() {
    local image
    export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
    image="$(kernel_dependencies linux-image-cloud-arm64 linux-image-)"
    mkdir -p "$1"
    (cd "$1" && kernel_dependencies "$image" 'linux-\(base\|binary\|modules\)-' | xargs apt-get -q download)
}

# The packages that PACKAGE depends on whose names begin with PATTERN.
kernel_dependencies() {
    apt-cache depends --important "$1" | sed -n "s/^ *Depends: *\\($2[^:]*\\).*/\\1/p"
}

# Lays it into ROOT, not by dpkg there: its scripts would make an initial file system, for minutes under emulation. It needs none,
# since what reads the disk (NVMe, ext4) is part of it.
add_arm64_kernel() {
    local folder="$1" root="$2" package
    for package in "$folder"/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root"
    done
    depmod --basedir "$root" "$(basename "$root"/lib/modules/*)"
}

# What a fresh system lacks to boot unattended, in ROOT.
set_up_arm64_machine() {
    printf 'arm64\n' >"$1/etc/hostname"
    printf '127.0.0.1 localhost arm64\n::1 localhost\n' >"$1/etc/hosts"
    printf '/dev/nvme0n1 / ext4 defaults 0 1\n' >"$1/etc/fstab"
    # It gets one of its own at the first boot.
    : >"$1/etc/machine-id"
    printf '[Match]\nType=ether\n[Network]\nDHCP=yes\n' >"$1/etc/systemd/network/ethernet.network"
    # Debian can't be reached from inside.
    rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*
    systemctl --root="$1" --quiet enable systemd-networkd.service
    systemctl --root="$1" --quiet mask apt-daily.timer apt-daily-upgrade.timer
}

# Makes FOLDER/key, which opens root's account in ROOT, and FOLDER/known_hosts, by which ssh knows the machine.
admit_to_arm64_machine() {
    ssh-keygen -q -t ed25519 -N "" -C test -f "$1/key"
    install -D -m 600 "$1/key.pub" "$2/root/.ssh/authorized_keys"
    printf 'arm64 %s\n' "$(cut -d ' ' -f 1,2 "$2/etc/ssh/ssh_host_ed25519_key.pub")" >"$1/known_hosts"
}
