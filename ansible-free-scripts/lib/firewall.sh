# shellcheck shell=bash
# The host's firewall, from packaging/ports. Sourced after remote.sh and port-list.sh.

# How long new rules hold before the host takes them back by itself.
FIREWALL_TRIAL="${FIREWALL_TRIAL:-90}"

# Lines of iptables for family 4 or 6: firewall_rules FAMILY SSH_PORT NETWORK...   SSH is let in from NETWORKs, from everywhere without any; other
# hosts' tunnels from PEER_NETWORKS. Of what everyone reaches, a host with a ROLE has its own part.
firewall_rules() {
    local family="$1" ssh_port="$2" protocol first last from program network groups=(any admin peer)
    shift 2
    [[ "${OPEN_PORT_80:-0}" == 0 ]] || groups+=(option)
    while IFS=$'\t' read -r _ protocol first last from program _; do
        if [[ "$from" == peer ]]; then
            for network in "${PEER_NETWORKS[@]}"; do
                if [[ "$family" == 4 ]]; then firewall_rule "$protocol" "$first" "$network"; fi
            done
        elif [[ "$from" == any && "${ROLE:-all}" != all && "$ROLE $program" != "media livekit-server" ]]; then
            continue
        elif [[ "$from" == admin ]]; then
            for network in "${@:-}"; do
                case "$family$network" in
                    4*:* | 6*.*) ;;
                    *) firewall_rule "$protocol" "$ssh_port" "$network" ;;
                esac
            done
        elif [[ "$first" == "$last" ]]; then
            firewall_rule "$protocol" "$first"
        else
            firewall_rule "$protocol" "$first:$last"
        fi
    done < <(port_list "${groups[@]}")
}

# As iptables-save writes it, so that it compares.
firewall_rule() {
    printf -- '-A INPUT %s-p %s -m %s --dport %s -m comment --comment livekit-conference -j ACCEPT\n' "${3:+-s $3 }" "$1" "$1" "$2"
}

# Lets the rules hold on trial, and keeps them once a new connection got through.
ensure_firewall() {
    local port="${FACTS[ssh_port]:-22}" only=""
    ((${#SSH_FROM[@]} == 0)) || only="$port"
    on_host firewall_try "$FIREWALL_TRIAL" "$only" "$(firewall_rules 4 "$port" "${SSH_FROM[@]}")" "$(firewall_rules 6 "$port" "${SSH_FROM[@]}")"
    [[ " ${HOST_SAID[*]} " == *" trial "* ]] || return 0
    if remote_answers_anew; then
        on_host firewall_keep
    else
        remote_close
        fail "the new rules would cut off SSH" \
            "a new connection did not get through: $REMOTE_ERROR
The host takes the rules back by itself within $FIREWALL_TRIAL seconds; nothing of them was written down." \
            "see that --ssh-from covers the address that you come from, then run this again"
    fi
}
