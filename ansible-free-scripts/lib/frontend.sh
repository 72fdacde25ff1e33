# shellcheck shell=bash
# The frontend's development server. Sourced after common.sh and processes.sh.

# True when this checkout has a frontend.
frontend_exists() {
    [[ -f "$ROOT/frontend/package.json" ]]
}

# Makes sure that the frontend can be started.
ensure_frontend() {
    if ! frontend_exists; then
        step_left_out
        note "frontend: not part of this checkout yet"
        return 0
    fi
    have npm || fail "the frontend needs Node.js, and there is no npm on PATH" "" "install Node.js 22 or newer"
    [[ ! -d "$ROOT/frontend/node_modules" ]] || return 0
    changing "npm ci in frontend/" || return 0
    run_logged "$LOG_FOLDER/frontend-install.log" "npm ci" "look at the log" npm --prefix "$ROOT/frontend" ci
}

# Starts it: frontend_start NAME PORT API_URL
frontend_start() {
    local name="$1" port="$2" api="$3"
    process_start "$name" "$LOG_FOLDER/$name.log" env -C "$ROOT/frontend" NEXT_PUBLIC_API_URL="$api" \
        npm run dev -- --port "$port"
    process_wait "$name" 120 "$LOG_FOLDER/$name.log" curl -fsS --max-time 10 "http://127.0.0.1:$port/"
}
