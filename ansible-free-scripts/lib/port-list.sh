# shellcheck shell=bash
# What packaging/ports says. Sourced after common.sh; changes nothing.

PORT_LIST="${PORT_LIST:-$ROOT/packaging/ports}"

# shellcheck disable=SC2120 # who is asked for is optional
# Rows "NAME PROTOCOL FIRST LAST FROM PROGRAM WHY", separated by tabs, of those whose FROM is one of the arguments; all without any.
port_list() {
    awk -v wanted=" $* " '
        /^#/ || NF == 0 { next }
        wanted !~ /^ +$/ && index(wanted, " " $4 " ") == 0 { next }
        {
            count = split($3, ports, "-")
            why = $6
            for (i = 7; i <= NF; i++) why = why " " $i
            printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", $1, $2, ports[1], ports[count], $4, $5, why
        }' "$PORT_LIST"
}

# Ends the program when a row of the list can't be meant: port_list_check
port_list_check() {
    local problems
    # shellcheck disable=SC2119 # of all
    problems="$(port_list | awk -F '\t' '
        $2 !~ /^(tcp|udp)$/ { print $1 ": protocol " $2 " is not tcp or udp" }
        $5 !~ /^(any|admin|option|peer|loopback)$/ { print $1 ": from " $5 " is not any, admin, option, peer or loopback" }
        $3 !~ /^[0-9]+$/ || $4 !~ /^[0-9]+$/ || $3 < 1 || $4 + 0 < $3 + 0 || $4 > 65535 { print $1 ": ports " $3 "-" $4 }
        seen[$1]++ { print $1 ": named twice" }')"
    [[ -z "$problems" ]] || fail "$PORT_LIST can't be used" "$problems" "mend these lines"
}
