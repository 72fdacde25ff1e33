# shellcheck shell=bash
# Whether the videoconference works. WRONG says why not.

WRONG=""
# What runs on this host.
units() {
    local role
    role="$(role)"
    [[ "$role" == all ]] || printf '%s\n' "$PEER_UNIT"
    [[ "$role" != @(all|api) ]] || printf 'livekit-conference.service\n'
    [[ "$role" != @(all|media) ]] || printf 'livekit-server.service\n'
    [[ "$role" != all ]] || printf 'caddy.service\n'
    [[ -z "$(installed_version livekit-egress)" ]] || printf 'livekit-egress.service\n'
}

units_are_active() {
    local unit
    NOT_ACTIVE=""
    for unit in $(units); do
        [[ "$(systemctl show --property=ActiveState --value "$unit")" == active ]] || NOT_ACTIVE+="${NOT_ACTIVE:+ }$unit"
    done
    [[ -z "$NOT_ACTIVE" ]]
}

api_is_ready() {
    curl -fsS -o /dev/null --max-time 5 http://127.0.0.1:3001/health/ready 2>/dev/null
}

# Restarts UNITs: restart_units UNIT...   What has failed too often in the meantime may start again.
restart_units() {
    local unit units=()
    for unit in "$@"; do
        # systemd restarts none of several when it doesn't know one.
        [[ "$unit" == caddy.service && "$(role)" != all ]] || units+=("$unit")
    done
    systemctl reset-failed 'livekit-*' caddy.service 2>/dev/null || true # Caddy is on the main host alone
    systemctl --quiet enable livekit-conference.target
    systemctl restart "${units[@]}" >>"$LOG" 2>&1 || true # serves says what didn't start
}

# Whether the program that runs is the one that is installed.
api_is_current() {
    local pid
    pid="$(systemctl show --property=MainPID --value livekit-conference.service)"
    [[ "$pid" == 0 || "$(readlink "/proc/$pid/exe")" != *" (deleted)" ]]
}

# What a unit said last, for a message.
unit_log() {
    printf '%s: %s\n' "$1" "$(systemctl show --property=StatusText --value "$1")"
    journalctl --no-pager --output=cat --lines=15 --unit="$1" 2>/dev/null | sed 's/^/  /'
}

# Looks at everything, and waits for what takes a while.
is_well() {
    serves || return 1
    tell_diagnosis
    passes_canary
}

# Whether everything runs.
serves() {
    local unit output
    WRONG=""
    if ! output="$(livekit-conference-check 2>&1)"; then
        WRONG="the configuration is refused:"$'\n'"$output"
        return 1
    fi
    if ! wait_for "$START_LIMIT" units_are_active; then
        WRONG="not active within $START_LIMIT s: $NOT_ACTIVE"
        for unit in $NOT_ACTIVE; do WRONG+=$'\n'"$(unit_log "$unit")"; done
        return 1
    fi
    if ! wait_for 60 api_is_ready; then
        WRONG="the API is not ready: $(curl -sS --max-time 5 http://127.0.0.1:3001/health/ready 2>&1)"
        return 1
    fi
    api_is_current && return 0
    WRONG="the API runs a program that is not the installed one"
    return 1
}

# The program's own diagnosis, in versions that have it. Sets DIAGNOSIS; false when it finds something wrong, not when it only couldn't
# see something (77).
diagnose() {
    local status=0
    DIAGNOSIS=""
    livekit-conference help doctor >/dev/null 2>&1 || return 0
    DIAGNOSIS="$(livekit-conference doctor 2>&1 </dev/null)" || status=$?
    [[ "$status" == 0 || "$status" == 77 ]]
}

# A diagnosis without what passed.
findings() {
    awk '/^[a-z]/ { passed = /^(pass|skip) / } !passed && NF > 0'
}

# What it finds is told and no more: it also looks at what no version of the program has any part in, such as names and the clock.
tell_diagnosis() {
    diagnose || prefixed "note doctor:" "$(findings <<<"$DIAGNOSIS")"
}

# LiveKit is reached directly: the public address may not lead back to its own host.
passes_canary() {
    local output
    if [[ "$(role)" == @(media|egress) ]]; then
        tell "no canary here: ansible-free-scripts/doctor of the main host holds one"
        return 0
    fi
    if [[ "$(database_query "SELECT count(*) FROM accounts WHERE role = 'admin'" || true)" == 0 ]]; then # elsewhere: unknown
        tell "no canary: there is no administrator yet (--admin E-MAIL makes one)"
        return 0
    fi
    if output="$(livekit-conference-run canary --livekit-url ws://127.0.0.1:7880 2>&1 </dev/null)"; then
        prefixed "note canary:" "$output"
        return 0
    fi
    WRONG="the canary did not come through:"$'\n'"$output"
    return 1
}

host_doctor() {
    [[ -n "$(installed_version livekit-conference)" ]] || refuse "the videoconference is not installed there" "" "ansible-free-scripts/deploy installs it"
    is_well || refuse "the host is not well" "$WRONG" "journalctl -u livekit-conference, on the host"
    diagnose || refuse "doctor finds something wrong" "$(findings <<<"$DIAGNOSIS")" "livekit-conference doctor, on the host, says it again"
}
