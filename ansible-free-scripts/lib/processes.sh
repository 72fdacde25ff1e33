# shellcheck shell=bash
# Background processes by name: started detached, known by process id and start time, stopped by SIGTERM.
# A process is recorded in $RUN_FOLDER/NAME.pid as "pid start-time boot-id", so that a number which meanwhile belongs
# to somebody else is never taken for ours. Sourced after common.sh.

# Set by the caller: the folder of the .pid files.
RUN_FOLDER="${RUN_FOLDER:-}"

# The start time of process PID in clock ticks since boot; false when it is gone or a zombie.
process_start_time() {
    local stat fields
    # The process may end between the look and the read.
    { stat="$(<"/proc/$1/stat")"; } 2>/dev/null || return 1
    read -r -a fields <<<"${stat##*) }"
    [[ "${fields[0]}" != Z ]] || return 1
    printf '%s' "${fields[19]}"
}

# What identifies process PID beyond its number.
process_identity() {
    local start
    start="$(process_start_time "$1")" || return 1
    printf '%s %s %s' "$1" "$start" "$(</proc/sys/kernel/random/boot_id)"
}

# The process id of NAME; false when it is not running.
process_pid() {
    local file="$RUN_FOLDER/$1.pid" recorded pid
    [[ -r "$file" ]] || return 1
    recorded="$(<"$file")"
    pid="${recorded%% *}"
    [[ "$pid" =~ ^[0-9]+$ && "$(process_identity "$pid")" == "$recorded" ]] || return 1
    printf '%s' "$pid"
}

# True when NAME is running.
process_is_running() {
    process_pid "$1" >/dev/null
}

# When NAME was started.
process_since() {
    date -r "$RUN_FOLDER/$1.pid" '+%F %T'
}

# Starts COMMAND as NAME in a session of its own, its output appended to LOG: process_start NAME LOG COMMAND...
process_start() {
    local name="$1" log="$2" identity
    shift 2
    # Background jobs of a script ignore SIGINT and SIGQUIT; the process shall decide that by itself.
    setsid env --default-signal=INT,QUIT "$@" >>"$log" 2>&1 </dev/null 3>&- 8>&- 9>&- &
    identity="$(process_identity "$!")" || fail "$name ended at once" "$(log_tail "$log")" "look at the log above"
    printf '%s\n' "$identity" >"$RUN_FOLDER/$name.pid"
}

# Stops NAME by SIGNAL (default TERM), waits SECONDS (default 30) and says so when it has to use SIGKILL.
# False when it was not running.
process_stop() {
    local name="$1" seconds="${2:-30}" signal="${3:-TERM}" pid tries
    if ! pid="$(process_pid "$name")"; then
        rm -f "$RUN_FOLDER/$name.pid"
        return 1
    fi
    # It may have ended since the look.
    kill "-$signal" "$pid" 2>/dev/null || true
    for ((tries = seconds * 10; tries > 0; tries--)); do
        process_is_running "$name" || break
        sleep 0.1
    done
    if process_is_running "$name"; then
        note "$name did not end within $seconds s of SIG$signal: killed"
        kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -f "$RUN_FOLDER/$name.pid"
}

# Waits up to SECONDS until COMMAND succeeds while NAME runs: process_wait NAME SECONDS LOG COMMAND...
process_wait() {
    local name="$1" seconds="$2" log="$3" end
    shift 3
    end=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        process_is_running "$name" || fail "$name ended while starting" "$(log_tail "$log")" \
            "look at the whole log: $log"
        ((SECONDS < end)) || fail "$name did not answer within $seconds s" "$(log_tail "$log")" \
            "look at the whole log: $log"
        sleep 0.1
    done
}
