# shellcheck shell=bash
# Which TCP ports are free. Sourced after common.sh.

# True when nothing listens on PORT on any address of this machine.
port_is_free() {
    local hexadecimal
    hexadecimal="$(printf ':%04X' "$1")"
    # State 0A is LISTEN. A machine without IPv6 has no tcp6.
    ! cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v port="$hexadecimal" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }'
}

# The first free port from PORT on.
port_free_from() {
    local port
    for ((port = $1; port < $1 + 200; port++)); do
        if port_is_free "$port"; then
            printf '%s' "$port"
            return 0
        fi
    done
    fail "no free TCP port between $1 and $port" "" "stop something that listens there, or choose a port by its variable"
}

# A free port for a test, below the range that the kernel hands out by itself.
port_random_free() {
    port_free_from $((12000 + RANDOM % 18000))
}
