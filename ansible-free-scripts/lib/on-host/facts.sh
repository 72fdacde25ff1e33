# shellcheck shell=bash
# What deploying wants to know of a host beforehand. Changes nothing.

# Prints facts and problems: host_facts
host_facts() {
    # shellcheck disable=SC2034 # parts of os-release
    local ID="" VERSION_CODENAME="" PRETTY_NAME=""
    # shellcheck source=/dev/null
    source /etc/os-release
    printf 'fact releases=%s%s\nfact system=%s\n' "${VERSION_CODENAME:-$ID}" \
        "$(grep -q /sid /etc/debian_version 2>/dev/null && printf ' sid')" "${PRETTY_NAME:-$ID}"
    if ! command -v dpkg >/dev/null || ! command -v apt-get >/dev/null; then
        printf 'problem the host runs %s: these packages are for Debian and Ubuntu\n' "$PRETTY_NAME"
        return 0
    fi
    printf 'fact architecture=%s\nfact version=%s\n' "$(dpkg --print-architecture)" "$(installed_version livekit-conference)"
    printf 'fact ssh_port=%s\n' "$(ssh_port)"
    [[ -d /run/systemd/system ]] || printf 'problem systemd does not run there: nothing could be started\n'
    host_room
    host_dpkg
    host_ports
}

# The port that this very connection came in by.
ssh_port() {
    local client
    # sudo may have taken SSH_CONNECTION away; the oldest ancestor that has it tells.
    client="${SSH_CONNECTION:-$(tr '\0' '\n' 2>/dev/null <"/proc/$PPID/environ" | sed -n 's/^SSH_CONNECTION=//p')}"
    client="${client##* }"
    printf '%s' "${client:-22}"
}

host_room() {
    local free memory
    free="$(df --output=avail -m /var | tail -n 1)"
    memory="$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)"
    ((free >= 2048)) || printf 'problem /var has %d MiB free, 2048 are needed\n' "$free"
    ((memory >= 900)) || printf 'problem the host has %d MiB of memory, 900 are needed\n' "$memory"
}

host_dpkg() {
    local broken
    broken="$(dpkg --audit 2>/dev/null | head -n 20)"
    [[ -z "$broken" ]] || printf 'problem packages are half installed there: dpkg --configure -a, on the host, mends them\n'
}

# Ports that we need and another program has.
host_ports() {
    local port program
    [[ -z "$(installed_version livekit-conference)" ]] || return 0
    for port in 443 7881 3001 7880; do
        program="$(ss -Hlntp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)"
        [[ -z "$program" ]] || printf 'problem %s listens on port %s there: stop it, or take another host\n' "$program" "$port"
    done
}

# The version of PACKAGE that is installed; empty when it isn't.
installed_version() {
    local status="" version=""
    # shellcheck disable=SC2016 # dpkg's
    read -r status version < <(dpkg-query --show --showformat='${db:Status-Status} ${Version}\n' "$1" 2>/dev/null) || true # unknown to dpkg
    [[ "${status:-}" != installed ]] || printf '%s' "$version"
}
