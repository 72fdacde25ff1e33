# shellcheck shell=bash
# Messages, steps with their duration, failing with advice, files written only when they differ.
# Sourced by the scripts; changes nothing by itself.

# Everything that outside sources are asked for, in one place.
# shellcheck source=versions.sh
source "$(dirname "${BASH_SOURCE[0]}")/versions.sh"

# The checkout that the scripts belong to.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export ROOT

# Set to 1 by --check: nothing is changed, `changing` says what would be.
CHECK_ONLY="${CHECK_ONLY:-0}"

STEP_TITLE=""
STEP_RESULT="unchanged"
STEP_TICKER=""

# How many steps changed something.
STEPS_CHANGED=0

# Seconds since START (a value of EPOCHREALTIME), with one decimal.
seconds_since() {
    local now="${EPOCHREALTIME/[.,]/}" start="${1/[.,]/}"
    local tenths=$(((now - start) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# A line for whoever watches.
say() {
    step_clear
    printf '%s\n' "$*"
}

# A line under the step that is running.
note() {
    say "    $*"
}

# Ends the program. WHAT failed, WHY (may be several lines), and what to do NEXT.
fail() {
    step_ticker_stop
    {
        printf '\nFAILED: %s%s\n' "${STEP_TITLE:+$STEP_TITLE: }" "$1"
        [[ -z "${2:-}" ]] || printf '%s\n' "$2" | sed 's/^/    /'
        [[ -z "${3:-}" ]] || printf 'What to do: %s\n' "$3"
    } >&2
    exit 1
}

# Runs FUNCTION [ARGUMENT...] as the step TITLE and says how long it took and whether it changed anything.
step() {
    STEP_TITLE="$1"
    STEP_RESULT="unchanged"
    local start="$EPOCHREALTIME"
    shift
    step_ticker_start
    "$@"
    step_ticker_stop
    printf '  %-34s %-10s %9s\n' "$STEP_TITLE" "$STEP_RESULT" "$(seconds_since "$start")"
    [[ "$STEP_RESULT" != changed ]] || STEPS_CHANGED=$((STEPS_CHANGED + 1))
    STEP_TITLE=""
}

# Says that the running step changed something; with --check, that it would. False with --check.
changing() {
    if [[ "$CHECK_ONLY" == 1 ]]; then
        STEP_RESULT="would do"
        note "would: $*"
        return 1
    fi
    STEP_RESULT="changed"
    note "$*"
}

# Says that the running step changed something that was told elsewhere.
step_changed() {
    [[ "$CHECK_ONLY" == 1 ]] || STEP_RESULT="changed"
}

# Says that the running step did not apply; the caller has said why.
step_left_out() {
    STEP_RESULT="left out"
}

# On a terminal, shows the seconds that the step has been running.
step_ticker_start() {
    [[ -t 1 ]] || return 0
    (
        seconds=0
        while sleep 1; do
            seconds=$((seconds + 1))
            printf '\r  %-34s %s s ' "$STEP_TITLE" "$seconds"
        done
    ) &
    STEP_TICKER=$!
}

# Ends what step_ticker_start began.
step_ticker_stop() {
    [[ -n "$STEP_TICKER" ]] || return 0
    # It may have ended with the terminal.
    kill "$STEP_TICKER" 2>/dev/null || true
    wait "$STEP_TICKER" 2>/dev/null || true
    STEP_TICKER=""
    step_clear
}

# Takes the ticker's line away before something else is written.
step_clear() {
    [[ ! -t 1 ]] || printf '\r\033[K'
}

# Runs COMMAND with its output appended to LOG; on failure ends the program with the log's end and NEXT.
# run_logged LOG WHAT NEXT COMMAND...
run_logged() {
    local log="$1" what="$2" next="$3" status=0
    shift 3
    printf -- '--- %s: %s\n' "$(date '+%F %T')" "$what" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null || status=$?
    [[ "$status" == 0 ]] || fail "$what (exit status $status)" "$(log_tail "$log")" "$next"
}

# The last lines of LOG, under its name.
log_tail() {
    printf 'the end of %s:\n' "$1"
    tail -n "${2:-20}" "$1" 2>/dev/null | sed 's/^/  /'
}

# True when COMMAND can be run.
have() {
    command -v "$1" >/dev/null 2>&1
}

# True when version A is at least version B (numbers separated by dots).
version_at_least() {
    [[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" == "$2" ]]
}

# Runs COMMAND as root: directly, or by sudo.
as_root() {
    if [[ "$EUID" == 0 ]]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        fail "root is needed for: $*" "this is not root, and there is no sudo" "run that command as root, then this one again"
    fi
}

# Ends the program when as_root would not work, before anything is tried.
require_root_access() {
    [[ "$EUID" == 0 ]] || have sudo || as_root "$@"
}

# Puts standard input into FILE with MODE, atomically and only when that differs. False when it was the same.
install_file() {
    local file="$1" mode="$2" temporary
    temporary="$(mktemp "$file.XXXXXX")"
    chmod "$mode" "$temporary"
    cat >"$temporary"
    if cmp -s "$temporary" "$file"; then
        rm -f "$temporary"
        return 1
    fi
    mv -f "$temporary" "$file"
}

# A random secret of letters and digits, 40 characters unless told otherwise.
random_secret() {
    local length="${1:-40}" text=""
    while ((${#text} < length)); do
        text+="$(head -c 96 /dev/urandom | base64 -w 0 | tr -d '+/=')"
    done
    printf '%s' "${text:0:length}"
}
