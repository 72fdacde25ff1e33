# shellcheck shell=bash
# The LiveKit server: found, or taken from its upstream release. It is the one part that `dev` can do without.
# Sourced after common.sh and processes.sh.

# Sets LIVEKIT_BIN, or leaves it empty and says in LIVEKIT_REASON why.
ensure_livekit() {
    local cached
    cached="$(cache_folder)/livekit-server-$LIVEKIT_RELEASE/livekit-server"
    LIVEKIT_REASON=""
    if [[ -n "${LIVEKIT_SERVER_BIN:-}" ]]; then
        [[ -x "$LIVEKIT_SERVER_BIN" ]] || fail "LIVEKIT_SERVER_BIN=$LIVEKIT_SERVER_BIN cannot be run" "" \
            "set it to the path of a livekit-server, or unset it"
        LIVEKIT_BIN="$LIVEKIT_SERVER_BIN"
    elif have livekit-server; then
        LIVEKIT_BIN="$(command -v livekit-server)"
    elif [[ -x "$cached" ]]; then
        LIVEKIT_BIN="$cached"
    else
        LIVEKIT_BIN=""
        changing "LiveKit server $LIVEKIT_RELEASE from its release into $(cache_folder)" || return 0
        if livekit_install; then
            LIVEKIT_BIN="$cached"
        else
            step_left_out
            note "LiveKit is left out: $LIVEKIT_REASON"
            note "the API runs without it, but nobody can talk in a meeting. To have it, put livekit-server $LIVEKIT_RELEASE"
            note "on PATH or set LIVEKIT_SERVER_BIN=/path/to/livekit-server, then run this again"
        fi
    fi
}

# Downloads the pinned release and checks it against the release's list of digests. On failure sets LIVEKIT_REASON.
livekit_install() {
    local architecture archive folder target
    local address="https://github.com/livekit/livekit/releases/download/v$LIVEKIT_RELEASE"
    case "$(uname -m)" in
        x86_64) architecture=amd64 ;;
        aarch64) architecture=arm64 ;;
        *)
            LIVEKIT_REASON="there is no release for $(uname -m)"
            return 1
            ;;
    esac
    archive="livekit_${LIVEKIT_RELEASE}_linux_$architecture.tar.gz"
    target="$(cache_folder)/livekit-server-$LIVEKIT_RELEASE"
    folder="$(mktemp -d "$(cache_folder)/livekit.XXXXXX")" || return 1
    LIVEKIT_REASON="$(livekit_fetch "$address" "$archive" "$folder" 2>&1 | tail -n 1)" || {
        rm -rf "$folder"
        return 1
    }
    LIVEKIT_REASON=""
    chmod -R go+rX "$folder" && rm -rf "$target" && mv "$folder" "$target"
}

# Fetches ARCHIVE from ADDRESS into FOLDER, checks and unpacks it; prints the reason when that fails.
livekit_fetch() {
    local address="$1" archive="$2" folder="$3" line
    curl -fsSL --connect-timeout 15 --retry 1 -o "$folder/checksums.txt" "$address/checksums.txt" || return 1
    curl -fsSL --connect-timeout 15 --retry 1 -o "$folder/$archive" "$address/$archive" || return 1
    line="$(grep -E "^[0-9a-f]{64} [ *]$archive\$" "$folder/checksums.txt")" || {
        printf '%s is not in checksums.txt of the release' "$archive"
        return 1
    }
    (cd "$folder" && sha256sum --quiet --check - <<<"$line") || return 1
    tar -xzf "$folder/$archive" -C "$folder" livekit-server || return 1
    rm -f "${folder:?}/$archive"
}

# Writes the configuration for development: livekit_configure FOLDER PORT KEY SECRET WEBHOOK_URL
# Media goes over two fixed ports on loopback beside PORT. False when it was the same.
livekit_configure() {
    local folder="$1" port="$2" key="$3" secret="$4" webhook="$5"
    install -d -m 700 "$folder"
    install_file "$folder/livekit.yaml" 600 <<C
port: $port
bind_addresses: ["127.0.0.1"]
rtc:
  tcp_port: $((port + 1))
  udp_port: $((port + 2))
  use_external_ip: false
  node_ip: 127.0.0.1
# The backend decides which rooms there are.
room:
  auto_create: false
keys:
  $key: $secret
webhook:
  api_key: $key
  urls: ["$webhook"]
C
}

# Starts it: livekit_start NAME FOLDER PORT
livekit_start() {
    process_start "$1" "$LOG_FOLDER/$1.log" "$LIVEKIT_BIN" --config "$2/livekit.yaml"
    process_wait "$1" 30 "$LOG_FOLDER/$1.log" curl -fsS --max-time 2 "http://127.0.0.1:$3/"
}
