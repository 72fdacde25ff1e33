# shellcheck shell=bash
# More hosts than one, from the machine of whoever deploys: on-host/peers.sh tells how they hang together. Sourced after remote.sh and port-list.sh.
# shellcheck disable=SC2034,SC2153 # read by deploy's other files; MAIN, ROLE and others are deploy's

# Calls COMMAND... with the main host in HOST's place.
at_main() {
    local HOST="$MAIN" WORK="$WORK/main"
    mkdir -p "$WORK"
    "$@"
}

# The packages that a host with ROLE has.
choose_role_packages() {
    case "$ROLE" in
        media) HOST_PACKAGES=(livekit-conference livekit-server) ;;
        api) HOST_PACKAGES=(livekit-conference) ;;
        egress) HOST_PACKAGES=(livekit-conference livekit-egress) OPTIONAL_PACKAGES="" ;;
    esac
}

# Whether the options go together.
check_role() {
    local network option
    if [[ "$ROLE" == all ]]; then
        [[ -z "$MAIN$MAIN_ADDRESS" ]] || problem "--main and --main-address go with --role media, api or egress"
    else
        [[ -n "$MAIN" ]] || problem "--role $ROLE needs --main [USER@]HOST, the host that has the database"
        for option in environment domain provisioned admin; do
            local -n given="${option^^}"
            [[ -z "$given" ]] || problem "--$option is the main host's, not one with --role $ROLE"
        done
        ((${#PEER_NETWORKS[@]} == 0)) || problem "--peer is the main host's, not one with --role $ROLE"
    fi
    for network in "${PEER_NETWORKS[@]}"; do
        peer_network_problem "$network"
    done
}

# The main host's settings and secrets, for a host that works with its database.
gather_from_main() {
    local line
    if ! at_main remote_answers_anew; then
        problem "SSH to the main host $MAIN does not work: $REMOTE_ERROR. Try: ssh $MAIN true"
        return 0
    fi
    at_main on_host host_share_configuration
    for line in "${HOST_SAID[@]}"; do
        case "$line" in
            "setting "*) printf '%s\n' "${line#setting }" >>"$WORK/settings.env" ;;
            "secret "*) printf '%s\n' "${line#secret }" >>"$WORK/secrets.env" ;;
        esac
    done
    printf 'DATABASE_URL=postgresql://livekit-conference@127.0.0.1:5432/livekit_conference\n' >>"$WORK/secrets.env"
}

# The first and the last port of a row of the list: port_range NAME
port_range() {
    port_list | awk -F '\t' -v name="$1" '$1 == name { print $3, $4 }'
}

# Has the main host let in what HOST is, and tells HOST how it gets there.
join_main() {
    local range folder="$WORK/peer" file
    on_host host_peer_key
    [[ -n "${FACTS[peer_key]:-}" ]] || return 0 # --check
    read -ra range < <(port_range peer-apis)
    at_main on_host host_admit_peer "${HOST#*@}" "$ROLE" "${FACTS[peer_key]}" "${range[@]}"
    [[ "$CHECK_ONLY" == 0 ]] || return 0
    mkdir -p "$folder"
    printf '%s' "$ROLE" >"$folder/role"
    printf 'main %s\n' "${FACTS[peer_host_key]}" >"$folder/known_hosts"
    tunnel_configuration >"$folder/ssh_config"
    on_host prepare_state
    for file in ssh_config known_hosts role; do
        remote_put "$folder/$file" "/var/lib/livekit-conference-deploy/incoming/peer/$file"
    done
}

# For the client of SSH on HOST.
tunnel_configuration() {
    local port
    read -r port _ < <(port_range peers)
    cat <<C
Host main
    HostName ${MAIN_ADDRESS:-${MAIN#*@}}
    Port $port
    User livekit-conference
    HostKeyAlias main
    UserKnownHostsFile /etc/livekit-conference/peer/known_hosts
    GlobalKnownHostsFile /dev/null
    StrictHostKeyChecking yes
    BatchMode yes
    IdentitiesOnly yes
    ConnectTimeout 10
    ServerAliveInterval 5
    ServerAliveCountMax 3
    ExitOnForwardFailure yes
    LocalForward 127.0.0.1:5432 /run/postgresql/.s.PGSQL.5432
    LocalForward 127.0.0.1:6379 127.0.0.1:6379
C
    [[ "$ROLE" == api ]] || printf '    LocalForward 127.0.0.1:3001 127.0.0.1:3001\n'
    [[ "$ROLE" == media ]] || printf '    LocalForward 127.0.0.1:7880 127.0.0.1:7880\n'
    [[ "$ROLE" != api ]] || printf '    RemoteForward 127.0.0.1:%s 127.0.0.1:3001\n' "${FACTS[peer_port]}"
}

# Undoes what deploying HOST has done, on it and on the main host.
remove_host() {
    step "Prerequisites" check_removal
    if [[ "$HOST_ANSWERS" == 1 ]]; then
        step "Other host" leave
        # Without what its role opens, SSH is left.
        if [[ "$FIREWALL" == 1 ]]; then ROLE=none step "Firewall" ensure_firewall; fi
    fi
    step "Main host" at_main on_host host_dismiss_peer "${HOST#*@}"
    ((STEPS_CHANGED > 0)) || say "Nothing changed."
}

leave() {
    if [[ "$CHECK_ONLY" == 1 ]]; then on_host host_leave "$ROLE" "$WHEN"; else on_host_in_unit host_leave "$ROLE" "$WHEN"; fi
}

check_removal() {
    HOST_ANSWERS=1
    check_choices
    check_role
    [[ -z "$MAIN" ]] || at_main remote_answers_anew || problem "SSH to the main host $MAIN does not work: $REMOTE_ERROR. Try: ssh $MAIN true"
    report_problems
    if remote_answers_anew; then
        on_host host_facts
        PROBLEMS=() # what would keep it from being installed
    else
        HOST_ANSWERS=0
        note "$HOST does not answer: what is on it stays there, and is let in no longer"
    fi
}

# The main host's daemon for tunnels.
listen_for_peers() {
    local port range
    read -r port _ < <(port_range peers)
    read -ra range < <(port_range peer-apis)
    on_host host_listen_for_peers "$port" "${range[@]}"
}
