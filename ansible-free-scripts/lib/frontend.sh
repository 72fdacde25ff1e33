# shellcheck shell=bash
# The frontend: its packages and its development server. Sourced after common.sh, node.sh and processes.sh.

FRONTEND="$ROOT/frontend"

# Makes sure that the frontend can be started. Without its packages everything else still runs: then FRONTEND_REASON says why.
ensure_frontend() {
    FRONTEND_REASON=""
    ensure_node
    ! frontend_is_installed || return 0
    changing "npm ci in frontend/" || return 0
    if npm_install "$FRONTEND"; then
        frontend_lock_digest >"$FRONTEND/node_modules/.installed"
    else
        FRONTEND_REASON="$NPM_REASON"
        step_left_out
        note "the frontend is left out: $FRONTEND_REASON; everything else runs without it"
        note "to have it, see that \`npm ping\` works, then run this again"
    fi
}

# Whether node_modules holds what the lock file says.
frontend_is_installed() {
    [[ "$(cat "$FRONTEND/node_modules/.installed" 2>/dev/null)" == "$(frontend_lock_digest)" ]]
}

frontend_lock_digest() {
    sha256sum <"$FRONTEND/package-lock.json"
}

# Starts it: frontend_start NAME PORT API_URL
frontend_start() {
    local name="$1" port="$2" api="$3"
    run_logged "$LOG_FOLDER/$name.log" "the API's types, fonts and models" "look at the log" npm --prefix "$FRONTEND" run --silent sources
    # Not through npm, which ends without the server that it started.
    process_start "$name" "$LOG_FOLDER/$name.log" env -C "$FRONTEND" NEXT_TELEMETRY_DISABLED=1 \
        NEXT_PUBLIC_API_URL="$api" node_modules/.bin/next dev --port "$port" --hostname 127.0.0.1
    process_wait "$name" 120 "$LOG_FOLDER/$name.log" curl -fsS --max-time 30 "http://127.0.0.1:$port/"
}

# Sets CHROMIUM, unless it names a browser already.
ensure_chromium() {
    local name
    for name in "${CHROMIUM:-chromium}" google-chrome chromium-browser; do
        CHROMIUM="$(command -v "$name")" && break
        CHROMIUM=""
    done
    [[ -n "$CHROMIUM" ]] || ensure_packages chromium
    export CHROMIUM="${CHROMIUM:-/usr/bin/chromium}"
}
