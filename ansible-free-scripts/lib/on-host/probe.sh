# shellcheck shell=bash
# The host's side of a look from outside: listeners where LiveKit would be, and counters before the firewall. All of it goes by itself
# after two minutes, and host_probe_end takes it away sooner.

PROBE=livekit-conference-probe
PROBE_FOLDER=/run/livekit-conference-probe

# Prints what whoever looks needs to know.
host_probe_facts() {
    local name
    for name in PUBLIC_URL PROXY_CERTIFICATES LIVEKIT_NODE_IP; do
        printf 'fact %s=%s\n' "$name" "$(sed -n "s/^$name=//p" "$CONFIGURATION/livekit-conference.env" 2>/dev/null | tail -n 1)"
    done
}

# The root certificate of Caddy's own authority.
host_probe_authority() {
    cat /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt 2>/dev/null || true # there is none
}

# Counts what arrives at PORTs ("udp:50000 tcp:443"), and listens for datagrams with NONCE: host_probe_begin NONCE PORT...
host_probe_begin() {
    local nonce="$1" port number
    shift
    ! systemctl --quiet is-active "$PROBE-end.timer" || host_probe_end
    rm -rf "$PROBE_FOLDER"
    mkdir -m 700 "$PROBE_FOLDER"
    printf '%s\n' "$nonce" "$@" >"$PROBE_FOLDER/ports"
    systemd-run --quiet --unit="$PROBE-end" --on-active=120 /bin/bash -c "$(declare -f host_probe_remove); PROBE=$PROBE PROBE_FOLDER=$PROBE_FOLDER host_probe_remove"
    for port in "$@"; do
        number="${port#*:}"
        if command -v iptables >/dev/null; then
            iptables -t raw -I PREROUTING -p "${port%%:*}" --dport "$number" -m comment --comment "$PROBE-${port/:/-}"
        fi
        if [[ "$port" == udp:* ]]; then
            # Where LiveKit has the port, that is as good as a listener of ours.
            systemd-run --quiet --unit="$PROBE-$number" --socket-property=ListenDatagram="0.0.0.0:$number" --property=StandardInput=socket \
                --property=StandardOutput="append:$PROBE_FOLDER/$number" --property=StandardError=null /bin/dd bs=64 count=1 ||
                touch "$PROBE_FOLDER/$number.taken"
        fi
    done
}

# Prints for each port what has been seen of it: arrived, taken (by LiveKit), counted (came to the host, and no further), or nothing.
host_probe_result() {
    local nonce port number seen
    { read -r nonce && mapfile -t ports; } <"$PROBE_FOLDER/ports"
    for port in "${ports[@]}"; do
        number="${port#*:}"
        seen="$(iptables -t raw -L PREROUTING -n -v -x 2>/dev/null | awk -v mark="$PROBE-${port/:/-}" 'index($0, "/* " mark " */") { print $1 }')"
        if [[ "$port" == udp:* ]] && grep -qs "$nonce" "$PROBE_FOLDER/$number"; then
            printf 'fact %s=arrived\n' "$port"
        elif ((${seen:-0} > 0)); then
            [[ -e "$PROBE_FOLDER/$number.taken" ]] && printf 'fact %s=taken\n' "$port" || printf 'fact %s=counted\n' "$port"
        else
            printf 'fact %s=nothing\n' "$port"
        fi
    done
}

host_probe_end() {
    systemctl stop "$PROBE-end.timer"
    host_probe_remove
}

host_probe_remove() {
    local rule
    systemctl stop "$PROBE-*.socket" "$PROBE-[0-9]*.service"
    systemctl reset-failed "$PROBE-*" 2>/dev/null || true # nothing failed
    if command -v iptables >/dev/null; then
        iptables -t raw -S PREROUTING | grep -e "--comment $PROBE-" | while read -r rule; do
            # shellcheck disable=SC2086 # a rule's words
            iptables -t raw ${rule/-A/-D}
        done
    fi
    rm -rf "$PROBE_FOLDER"
}
