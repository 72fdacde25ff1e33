# shellcheck shell=bash
# What the other files of this folder share. They run on a host, as root: lib/remote.sh sends them over SSH with each command, and
# nothing of them stays there. A line that is printed begins with a word that lib/remote.sh knows.
# START_LIMIT is how many seconds units may take to be active.
# shellcheck disable=SC2034 # what the other files read

# What deploying keeps on the host, for root alone: packages that were installed, the database before an upgrade.
STATE=/var/lib/livekit-conference-deploy
LOG=/var/log/livekit-conference-deploy.log
CONFIGURATION=/etc/livekit-conference
CHECK_ONLY="${CHECK_ONLY:-0}"

# Prints a line for whoever deploys, and into the log. When the connection was lost nobody listens, and all goes on.
out() {
    printf '%s\n' "$*" 2>/dev/null || true # see above
    [[ ! -w "$LOG" || "$CHECK_ONLY" == 1 ]] || printf '=== %s\n' "$*" >>"$LOG"
}

tell() {
    out "note $*"
}

# Says that something is changed; with --check, that it would be, and is false then.
changing() {
    if [[ "$CHECK_ONLY" == 1 ]]; then
        out "would $*"
        return 1
    fi
    out "changed $*"
}

# Prints each line of TEXT after WORD.
prefixed() {
    local line
    while IFS= read -r line; do out "$1 $line"; done <<<"$2"
}

# Ends what runs here: refuse WHAT WHY NEXT. WHY and NEXT may have several lines.
refuse() {
    out "what $1"
    [[ -z "${2:-}" ]] || prefixed why "$2"
    [[ -z "${3:-}" ]] || prefixed next "$3"
    exit 1
}

# Says where a command failed that nobody expected to.
unexpected() {
    [[ "$BASH_SUBSHELL" == 0 ]] || return 0 # whoever asked for its output says more
    out "what unexpected: ${BASH_COMMAND%%$'\n'*} failed, in ${FUNCNAME[*]:1:3}"
}

# Runs COMMAND with its output in the log: logged COMMAND...
logged() {
    printf -- '--- %s: %s\n' "$(date '+%F %T')" "$*" >>"$LOG"
    "$@" >>"$LOG" 2>&1 </dev/null
}

# The last lines of the log.
log_end() {
    printf 'the end of %s on the host:\n' "$LOG"
    tail -n "${1:-15}" "$LOG" | sed 's/^/  /'
}

# Calls COMMAND... every second until it is true: wait_for SECONDS COMMAND...   False when it never was.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 1
    done
}

# Puts standard input into FILE with MODE when that differs. False when it was the same.
replace() {
    local file="$1" new
    new="$(mktemp "$1.XXXXXX")"
    chmod "$2" "$new"
    cat >"$new"
    if cmp -s "$new" "$file"; then
        rm -f "$new"
        return 1
    fi
    mv -f "$new" "$file"
}

prepare_state() {
    install -d -m 700 "$STATE" "$STATE/incoming" "$STATE/incoming/credentials" "$STATE/incoming/peer" "$STATE/current" "$STATE/previous" "$STATE/snapshots"
    touch "$LOG"
    chmod 600 "$LOG"
}
