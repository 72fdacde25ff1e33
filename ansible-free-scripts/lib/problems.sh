# shellcheck shell=bash
# Problems gathered and told at once. Sourced after common.sh.

PROBLEMS=()

problem() {
    PROBLEMS+=("- $1")
}

# Tells when NETWORK can't be that of other hosts: peer_network_problem NETWORK
peer_network_problem() {
    python3 -c 'import ipaddress, sys; ipaddress.IPv4Network(sys.argv[1])' "$1" 2>/dev/null ||
        problem "--peer $1 is not an IPv4 network such as 10.20.0.0/24 (no bits set beyond the prefix)"
    [[ "$1" != 0.0.0.0/0 ]] || problem "--peer 0.0.0.0/0 would let the world in to the tunnels"
}

# Ends the program when there are any.
report_problems() {
    ((${#PROBLEMS[@]} == 0)) || fail "${#PROBLEMS[@]} problem(s), nothing was changed" \
        "$(printf '%s\n' "${PROBLEMS[@]}")" "mend these, then run this again"
}
