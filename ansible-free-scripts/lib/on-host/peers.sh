# shellcheck shell=bash
# Several hosts. The main one has the database, Redis, Caddy and a LiveKit; others ("peers") are more of LiveKit, of the API, or the recorder. They
# reach the main host's services through a tunnel of SSH, at the very addresses of loopback that these have on the main host, so that
# none of them listens on a network.

# On the main host.
PEERS="$CONFIGURATION/peers"
PEERS_UNIT=livekit-conference-peers.service
PEERS_CADDY="$CONFIGURATION/caddy/peers.caddy"
# On the others.
PEER="$CONFIGURATION/peer"
PEER_UNIT=livekit-conference-peer.service
# The main host's alone, but for the first those of a backend.
MAIN_UNITS=(livekit-conference-retention.timer livekit-conference.service livekit-conference.socket livekit-conference-migrate.service)

# What this host is: all, media, api or egress.
role() {
    cat "$CONFIGURATION/role" 2>/dev/null || printf 'all'
}

# Makes FILE and FILE.pub, whole or not at all: make_key FILE COMMENT
make_key() {
    mkdir -p "${1%/*}"
    rm -f "$1.new" "$1.new.pub"
    ssh-keygen -q -t ed25519 -N '' -C "$2" -f "$1.new"
    mv "$1.new.pub" "$1.pub"
    mv "$1.new" "$1"
}

# The main host's side

# A daemon of SSH for peers alone: it lets nobody do anything but forward to what is named here. host_listen_for_peers PORT FIRST LAST
host_listen_for_peers() {
    local changed=0 listen=() port
    [[ -n "$(installed_version livekit-conference-host)" ]] || return 0 # --check, before the first deployment
    for ((port = $2; port <= $3; port++)); do listen+=("127.0.0.1:$port"); done
    if [[ ! -e "$PEERS/host_key" ]]; then
        changing "key of the daemon for other hosts" || return 0
        make_key "$PEERS/host_key" livekit-conference-peers
    fi
    touch "$PEERS/authorized_keys"
    replace "$PEERS/sshd_config" 644 <<C && changed=1
Port $1
HostKey $PEERS/host_key
AuthorizedKeysFile $PEERS/authorized_keys
AllowUsers livekit-conference
AuthenticationMethods publickey
UsePAM yes
PidFile none
# Tunnels and no sessions. The account of the API: PostgreSQL knows it by its socket.
MaxSessions 0
ForceCommand /usr/sbin/nologin
PermitTTY no
X11Forwarding no
AllowAgentForwarding no
PermitTunnel no
AllowTcpForwarding yes
AllowStreamLocalForwarding local
# A path counts as a host here.
PermitOpen [/run/postgresql/.s.PGSQL.5432]:* 127.0.0.1:6379 127.0.0.1:3001 127.0.0.1:7880
PermitListen ${listen[*]}
ClientAliveInterval 5
ClientAliveCountMax 3
C
    replace "/etc/systemd/system/$PEERS_UNIT" 644 <<U && changed=1
[Unit]
Description=Videoconference: tunnels of its other hosts
After=network.target

[Service]
# As ssh.service has it, which may run or not.
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes
ExecStartPre=/usr/sbin/sshd -t -f $PEERS/sshd_config
ExecStart=/usr/sbin/sshd -D -e -f $PEERS/sshd_config
Restart=always
RestartSec=1s
OOMScoreAdjust=-500

[Install]
WantedBy=multi-user.target
U
    [[ "$changed" == 1 ]] || systemctl --quiet is-active "$PEERS_UNIT" || changed=1
    [[ "$changed" == 1 ]] || return 0
    changing "tunnels for other hosts, on port $1"
    systemctl daemon-reload
    systemctl --quiet enable "$PEERS_UNIT"
    systemctl restart "$PEERS_UNIT"
    wait_for 20 systemctl --quiet is-active "$PEERS_UNIT" || refuse "the daemon for other hosts does not run" "$(unit_log "$PEERS_UNIT")" \
        "$PEERS_UNIT: mend this on the host, then run this again"
}

# Lets the host NAME in by its PUBLIC key, and prints what it needs to know: host_admit_peer NAME ROLE PUBLIC FIRST LAST
host_admit_peer() {
    local name="$1" role="$2" public="$3" port="" line
    [[ -e "$PEERS/authorized_keys" ]] || refuse "the main host lets in no other hosts yet" "" \
        "deploy to the main host first with --peer NETWORK, the network that the others come from"
    if [[ "$role" == api ]]; then
        port="$(peer_port "$name" "$4" "$5")"
        [[ -n "$port" ]] || refuse "there is no port left for another API" "packaging/ports has $4 to $5" "take away one that is gone: ansible-free-scripts/deploy HOST --role api --main MAIN --remove"
        line="restrict,port-forwarding,permitlisten=\"127.0.0.1:$port\" $public $name"
    else
        # There is nothing that it could be asked for.
        line="restrict,port-forwarding,permitlisten=\"127.0.0.1:1\" $public $name"
    fi
    if ! grep -qxF -- "$line" "$PEERS/authorized_keys"; then
        changing "let in $name as $role" || return 0
        { awk -v name="$name" '$NF != name' "$PEERS/authorized_keys" && printf '%s\n' "$line"; } | replace "$PEERS/authorized_keys" 644 || true # it differs
    fi
    share_requests
    printf 'fact peer_port=%s\nfact peer_host_key=%s\n' "$port" "$(cut -d' ' -f1,2 "$PEERS/host_key.pub")"
}

# Lets the host NAME in no longer, and ends its tunnel: host_dismiss_peer NAME
host_dismiss_peer() {
    local known
    known="$(awk '{ print $NF }' "$PEERS/authorized_keys" 2>/dev/null)" || true # there never were any
    if ! grep -qxF -- "$1" <<<"$known"; then
        tell "the main host lets in no $1; it lets in ${known:+${known//$'\n'/, }}${known:-no other host}"
        return 0
    fi
    changing "let in $1 no longer" || return 0
    awk -v name="$1" '$NF != name' "$PEERS/authorized_keys" | replace "$PEERS/authorized_keys" 644 || true # it differs
    share_requests
    end_tunnels
}

# Those that stand; the other hosts' come back within seconds.
end_tunnels() {
    local process
    for process in /proc/[0-9]*; do
        # The part of sshd that has given up root's rights.
        if [[ "$(stat -c %U "$process" 2>/dev/null)" == livekit-conference && "$(cat "$process/comm" 2>/dev/null)" == sshd* ]]; then
            kill "${process#/proc/}" 2>/dev/null || true # it has just ended
        fi
    done
}

# The port of the host NAME for its API: the one that it has, else the first that is free from FIRST to LAST.
peer_port() {
    local port
    port="$(awk -v name="$1" '$NF == name' "$PEERS/authorized_keys" | sed -n 's/.*permitlisten="127\.0\.0\.1:\([0-9]*\)".*/\1/p')"
    if [[ -n "$port" && "$port" != 1 ]]; then
        printf '%s' "$port"
        return 0
    fi
    for ((port = $2; port <= $3; port++)); do
        grep -q "127.0.0.1:$port\"" "$PEERS/authorized_keys" || { printf '%s' "$port" && return 0; }
    done
}

# Caddy shares requests of the API among this host and the peers that have one.
share_requests() {
    local ports
    ports="$(sed -n 's/.*permitlisten="127\.0\.0\.1:\([0-9]\{4,\}\)".*/\1/p' "$PEERS/authorized_keys" | sort -n | sed 's/^/127.0.0.1:/' | paste -sd ' ')"
    if [[ -z "$ports" ]]; then
        [[ -e "$PEERS_CADDY" ]] || return 0
        changing "requests go to this host's API alone" || return 0
        rm -f "$PEERS_CADDY"
    else
        shared_site "$ports" | replace "$PEERS_CADDY" 644 || return 0
        changing "requests go to the APIs 127.0.0.1:3001 $ports"
    fi
    systemctl reload caddy.service
}

# In place of the part of Caddy's configuration that knows one API.
shared_site() {
    cat <<C
# Made by ansible-free-scripts/deploy --role api.
@shared path /api /api/* /health /health/*
handle @shared {
	reverse_proxy 127.0.0.1:3001 $1 {
		# One that is away is left out until it is ready again; requests wait while there is none.
		lb_policy least_conn
		lb_try_duration 30s
		lb_try_interval 100ms
		fail_duration 2s
		health_uri /health/ready
		health_interval 1s
		health_timeout 2s
		transport http {
			# Shorter than the second in which a stopping API still answers on idle connections.
			keepalive 500ms
		}
	}
}
C
}

# What a peer is configured by: the main host's settings and secrets. Its database is the one behind the tunnel.
host_share_configuration() {
    local secret
    [[ -d "$CONFIGURATION/credentials" && "$(role)" == all ]] || refuse "the main host is not deployed yet" "" "deploy to it first, without --role"
    grep -E '^[A-Z0-9_]+=' "$CONFIGURATION/livekit-conference.env" | grep -v '^LIVEKIT_NODE_IP=' | sed 's/^/setting /'
    for secret in session_secret redis_url s3_access_key s3_secret_key livekit_api_key livekit_api_secret; do
        printf 'secret %s=%s\n' "${secret^^}" "$(<"$CONFIGURATION/credentials/$secret")"
    done
}

# The other hosts' side

# Prints the public half of this host's key, which is made when there is none.
host_peer_key() {
    if ! command -v ssh >/dev/null || ! command -v ssh-keygen >/dev/null; then
        changing "apt-get install openssh-client" || return 0
        prepare_state
        logged env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 install openssh-client ||
            refuse "openssh-client can't be installed, which makes the tunnel" "$(log_end)" "see what apt says, then run this again"
    fi
    if [[ ! -e "$PEER/key" ]]; then
        changing "key for the tunnel to the main host" || return 0
        make_key "$PEER/key" livekit-conference-peer
    fi
    printf 'fact peer_key=%s\n' "$(cut -d' ' -f1,2 "$PEER/key.pub")"
}

# Makes this host what incoming/peer/ says: its role, and the tunnel. Nothing for a host that is everything.
take_role() {
    local from="$STATE/incoming/peer" file changed=0
    [[ -e "$from/role" ]] || return 0
    [[ "$(role)" == "$(<"$from/role")" || ! -e "$CONFIGURATION/role" && -z "$(installed_version livekit-conference)" ]] || refuse \
        "the host is for $(role) already" "" "take a new host for $(<"$from/role"); one host has one role"
    replace "$CONFIGURATION/role" 644 <"$from/role" && changed=1
    for file in ssh_config known_hosts; do
        replace "$PEER/$file" 644 <"$from/$file" && changed=1
    done
    peer_unit | replace "/etc/systemd/system/$PEER_UNIT" 644 && changed=1
    rm -rf "$from"
    ROLE_CHANGED="$changed"
    if [[ "$changed" == 1 ]]; then changing "role $(role), with a tunnel to the main host"; fi
    # What belongs to the main host alone. An API at 127.0.0.1:3001 is the main host's, by the tunnel.
    systemctl --quiet mask "${MAIN_UNITS[0]}" 2>/dev/null
    [[ "$(role)" == api ]] || systemctl --quiet mask "${MAIN_UNITS[@]:1}" 2>/dev/null
}

# Takes away what deploying has put on this host, which was for ROLE; the firewall is not looked at: host_leave ROLE WHEN
host_leave() {
    local name unit packages=()
    trap '' PIPE HUP
    for name in livekit-conference livekit-server livekit-egress; do
        [[ -z "$(installed_version "$name")" ]] || packages+=("$name")
    done
    [[ -e "$CONFIGURATION/role" || ${#packages[@]} -gt 0 ]] || return 0
    [[ "$(role)" == "$1" ]] || refuse "the host is for $(role), not for $1" "" "nothing was changed"
    wait_until_empty "$2"
    changing "remove ${packages[*]:-what is left}, with its configuration" || return 0
    # What runs ends while its tunnel is there: requests are answered, recordings uploaded.
    for unit in livekit-conference.target $(units | grep -vxF "$PEER_UNIT"); do
        systemctl stop "$unit" 2>>"$LOG" || true # it was never started
    done
    systemctl --quiet disable --now "$PEER_UNIT" 2>>"$LOG" || true # as above
    rm -f "/etc/systemd/system/$PEER_UNIT"
    systemctl --quiet unmask "${MAIN_UNITS[@]}" 2>>"$LOG"
    systemctl daemon-reload
    ((${#packages[@]} == 0)) || logged env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 purge "${packages[@]}" ||
        refuse "the packages can't be removed" "$(log_end)" "see what apt says, then run this again"
    rm -rf "$CONFIGURATION" "$STATE" "$SOURCES/livekit-conference.sources" "$KEYRINGS/livekit-conference.pgp"
}

# The tunnel runs before what needs it; the account that it runs as came with the packages.
ensure_tunnel() {
    [[ -e "$PEER/ssh_config" ]] || return 0
    systemctl daemon-reload
    systemctl --quiet enable "$PEER_UNIT"
    if [[ "${ROLE_CHANGED:-0}" == 1 ]] || ! systemctl --quiet is-active "$PEER_UNIT"; then systemctl restart "$PEER_UNIT"; fi
}

peer_unit() {
    cat <<U
[Unit]
Description=Videoconference: tunnel to the main host
Wants=network-online.target
After=network-online.target
Before=livekit-conference.service livekit-conference-migrate.service livekit-server.service livekit-egress.service
StartLimitIntervalSec=0

[Service]
User=livekit-conference
LoadCredential=key:$PEER/key
ExecStart=/usr/bin/ssh -N -F $PEER/ssh_config -i \${CREDENTIALS_DIRECTORY}/key main
Restart=always
RestartSec=1s
OOMScoreAdjust=-500
CapabilityBoundingSet=
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6

[Install]
WantedBy=multi-user.target
U
}
