# shellcheck shell=bash
# A look at a host from outside, as browsers meet it: TLS, signalling, media by TCP, and datagrams that really arrive. Sourced after
# remote.sh and port-list.sh.

FAILED_CHECKS=0

# A line of the report: outside_line passed|failed WHAT DETAIL
outside_line() {
    say "$(printf '%-8s %-22s %s' "$1" "$2" "$3")"
    [[ "$1" != failed ]] || FAILED_CHECKS=$((FAILED_CHECKS + 1))
}

# Says where a packet to PORT (udp:50000) was stopped, from what the host has seen of it.
outside_layer() {
    case "${FACTS[$1]:-nothing}" in
        counted) printf "it came to the host, and the host's firewall stopped it: ansible-free-scripts/deploy lets it in" ;;
        *) printf "it never came to the host: the cloud's security group or list (packaging/ports has what it must let in), or a network on the way, stops it" ;;
    esac
}

# Sends what is asked for from here: outside_send NONCE ADDRESS PORT...   Prints "PORT open|refused|unreachable|silent|answered" lines.
outside_send() {
    python3 - "$@" <<'P'
import errno, socket, sys, time

def tcp(address, port):
    try:
        socket.create_connection((address, port), timeout=8).close()
        return "open"
    except ConnectionRefusedError:
        return "refused"
    except OSError as error:
        return "unreachable" if error.errno in (errno.EHOSTUNREACH, errno.EACCES, errno.ENETUNREACH) else "silent"

def udp(address, port, content, answered):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(2)
        client.connect((address, port))
        for _ in range(3):
            try:
                client.send(content)
                if not answered:
                    time.sleep(0.2)
                elif client.recv(2048)[1:5] == bytes(4):
                    return "answered"
            except OSError:
                pass  # what the host has seen tells more
    return "silent"

nonce, address, *ports = sys.argv[1:]
# A version of QUIC that nobody knows is answered with those that are known (RFC 9000, section 6).
unknown_quic = (b"\xc0\x1a\x2a\x3a\x4a\x08" + bytes(8) + b"\x08" + bytes(8)).ljust(1200, b"\0")
for name in ports:
    protocol, port = name.split(":")
    if protocol == "tcp":
        print(name, tcp(address, int(port)))
    else:
        quic = port == "443"
        print(name, udp(address, int(port), unknown_quic if quic else nonce.encode(), quic))
P
}

outside_tls() {
    local domain="$1" address="$2" authority=() status expiry trust=""
    if [[ "${FACTS[PROXY_CERTIFICATES]:-}" == internal ]]; then
        on_host host_probe_authority
        printf '%s\n' "${HOST_SAID[@]}" >"$WORK/authority.pem"
        authority=(--cacert "$WORK/authority.pem")
        trust=", of an authority that browsers don't know"
    fi
    status="$(curl -sS -o /dev/null -w '%{http_code}' --max-time 15 "${authority[@]}" --resolve "$domain:443:$address" "https://$domain/health/live" 2>&1)"
    if [[ "$status" != 200 ]]; then
        outside_line failed "TLS, the API" "https://$domain/health/live: ${status//$'\n'/ }"
        return 0
    fi
    expiry="$(openssl s_client -connect "$address:443" -servername "$domain" </dev/null 2>/dev/null | openssl x509 -noout -enddate 2>/dev/null)"
    outside_line passed "TLS, the API" "certificate until ${expiry#notAfter=}$trust"
    # Without a token LiveKit refuses; Caddy's own answers are others.
    status="$(curl -sS -o /dev/null -w '%{http_code}' --http1.1 --max-time 15 "${authority[@]}" --resolve "$domain:443:$address" \
        --header 'Connection: Upgrade' --header 'Upgrade: websocket' --header 'Sec-WebSocket-Version: 13' \
        --header 'Sec-WebSocket-Key: bGl2ZWtpdC1kb2N0b3I9PQ==' "https://$domain/rtc" 2>&1)"
    case "$status" in
        101 | 400 | 401 | 403) outside_line passed "signalling" "LiveKit answers a WebSocket's beginning with $status" ;;
        502 | 503 | 504) outside_line failed "signalling" "Caddy answers $status: LiveKit does not run behind it: systemctl status livekit-server" ;;
        *) outside_line failed "signalling" "https://$domain/rtc: ${status//$'\n'/ }" ;;
    esac
}

outside_name() {
    local found
    found="$(resolve "$1")"
    if [[ " $found " == *" $2 "* ]]; then
        outside_line passed "name" "$1 is $2"
    else
        outside_line failed "name" "$1 is ${found:-not known}, the host is $2"
    fi
}

# The ports that are looked at: media by TCP, HTTPS by both, and the range of media's ends and middle.
outside_ports() {
    local protocol first last
    while IFS=$'\t' read -r _ protocol first last _ _ _; do
        printf '%s:%s\n' "$protocol" "$first"
        [[ "$first" == "$last" ]] || printf '%s:%s\n' "$protocol" "$(((first + last) / 2))" "$protocol" "$last"
    done < <(port_list any)
}

# Looks at the host from here; FAILED_CHECKS counts what isn't well.
outside_look() {
    local domain address ports=() nonce name outcome
    on_host host_probe_facts
    domain="${FACTS[PUBLIC_URL]#https://}"
    domain="${domain%%[:/]*}"
    address="${ADDRESS:-${FACTS[LIVEKIT_NODE_IP]:-$(resolve "$domain" | cut -d' ' -f1)}}"
    [[ -n "$domain" && -n "$address" ]] || fail "the host has no PUBLIC_URL, or its address is not known" "" "deploy to it first, or --address IPV4"
    if [[ "${FACTS[PROXY_CERTIFICATES]:-}" != internal ]]; then outside_name "$domain" "$address"; fi
    outside_tls "$domain" "$address"
    mapfile -t ports < <(outside_ports)
    nonce="probe-$(random_secret 20)"
    on_host host_probe_begin "$nonce" "${ports[@]}"
    outside_send "$nonce" "$address" "${ports[@]}" >"$WORK/sent"
    on_host host_probe_result
    on_host host_probe_end
    while read -r name outcome; do outside_verdict "$name" "$outcome"; done <"$WORK/sent"
}

outside_verdict() {
    local name="$1" outcome="$2" seen="${FACTS[$1]:-nothing}"
    case "$outcome:$seen" in
        open:* | answered:*) outside_line passed "${name/:/ }" "$outcome" ;;
        refused:*) outside_line failed "${name/:/ }" "the host answers that nothing listens there: systemctl list-units 'livekit*' caddy.service" ;;
        *:arrived) outside_line passed "${name/:/ }" "datagrams arrive" ;;
        *:taken) outside_line passed "${name/:/ }" "datagrams arrive; a meeting uses the port" ;;
        *) outside_line failed "${name/:/ }" "$(outside_layer "$name")" ;;
    esac
}
