# shellcheck shell=bash
# Commands on a host over SSH, as root. Sourced after common.sh; WORK is a folder for the connection's socket.
# shellcheck disable=SC2034 # REMOTE_ERROR, STEP_RESULT, FACTS and WHEN are read by callers

# HOST is [USER@]ADDRESS; SSH_OPTIONS are more options of ssh.
HOST="" SSH_OPTIONS=()
# Seconds that a connection may take.
SSH_TIMEOUT=15
# Why the last connection failed.
REMOTE_ERROR=""
# The words after "fact" that the host has printed: NAME=VALUE.
declare -gA FACTS=()

# Takes HOST from the command line.
remote_host() {
    [[ -z "$HOST" ]] || usage_error "more than one host: $HOST and $1"
    HOST="$(remote_name "$1")"
}

# NAME, if it can be a host's.
remote_name() {
    [[ "$1" =~ ^[A-Za-z0-9_.@:-]+$ && "$1" != -* ]] || usage_error "$1 is no host"
    printf '%s' "$1"
}

# Has those who are in meetings be told MINUTES beforehand.
warn_first() {
    [[ "$1" =~ ^[1-9][0-9]{0,2}$ && "$1" -le 120 ]] || usage_error "--warn must be a number of minutes from 1 to 120"
    WHEN="warn:$1"
}

# Ends the program when the host doesn't answer.
remote_required() {
    remote_answers_anew || fail "SSH to $HOST does not work" "$REMOTE_ERROR" "ssh $HOST true   and see what it says"
}

# One connection is shared by all commands of a run.
remote_ssh() {
    ssh -T -o BatchMode=yes -o ConnectTimeout="$SSH_TIMEOUT" -o ServerAliveInterval=15 -o ServerAliveCountMax=4 \
        -o ControlMaster=auto -o ControlPath="$WORK/ssh" -o ControlPersist=120 "${SSH_OPTIONS[@]}" -- "$HOST" "$@"
}

# Whether a connection of its own, beside the shared one, gets through. Otherwise REMOTE_ERROR is set.
remote_answers_anew() {
    REMOTE_ERROR="$(ssh -o BatchMode=yes -o ConnectTimeout="$SSH_TIMEOUT" -o ControlPath=none "${SSH_OPTIONS[@]}" -- "$HOST" true 2>&1 </dev/null)" && return 0
    REMOTE_ERROR="${REMOTE_ERROR//$'\r'/}"
    return 1
}

remote_close() {
    ssh -o ControlPath="$WORK/ssh" -O exit -- "$HOST" 2>/dev/null || true # it may never have been opened
}

# Everything in on-host/, and then the call. It comes last, so that half of it does nothing.
remote_script() {
    cat "$ROOT"/ansible-free-scripts/lib/on-host/*.sh
    printf 'set -Eeuo pipefail\nexport LC_ALL=C\nCHECK_ONLY=%q START_LIMIT=%q\ntrap unexpected ERR\n' "$CHECK_ONLY" "${START_LIMIT:-120}"
    printf '%q ' "$@"
    printf '</dev/null\n'
}

# Root's shell, by sudo where the account isn't root.
# shellcheck disable=SC2016 # expanded on the host
REMOTE_SHELL='if [ "$(id -u)" = 0 ]; then exec bash -s; else exec sudo -n bash -s; fi'
# The same in a unit of its own: it goes on when the connection is lost, and there is one at a time.
# shellcheck disable=SC2016
REMOTE_UNIT='sudo=; [ "$(id -u)" = 0 ] || sudo="sudo -n"
exec $sudo systemd-run --quiet --pipe --wait --collect --unit=livekit-conference-deploy --description="Deployment of the videoconference" bash -s'

# Runs FUNCTION of on-host/ there and shows what it tells: on_host FUNCTION ARGUMENT...   A failure ends the program.
on_host() {
    on_host_by "$REMOTE_SHELL" "$@"
}

on_host_in_unit() {
    on_host_by "$REMOTE_UNIT" "$@"
}

on_host_by() {
    local shell="$1" line what="" why="" next="" status=0
    shift
    HOST_SAID=()
    while IFS= read -r line; do
        case "$line" in
            "note "*) note "${line#note }" ;;
            "changed "*)
                STEP_RESULT=changed
                note "${line#changed }"
                ;;
            "would "*)
                STEP_RESULT="would do"
                note "would: ${line#would }"
                ;;
            "fact "*)
                line="${line#fact }"
                FACTS["${line%%=*}"]="${line#*=}"
                ;;
            "problem "*) problem "${line#problem }" ;;
            "what "*) what="${line#what }" ;;
            "why "*) why+="${why:+$'\n'}${line#why }" ;;
            "next "*) next+="${next:+$'\n'}${line#next }" ;;
            "status "*) status="${line#status }" ;;
            *) HOST_SAID+=("$line") ;;
        esac
    done < <(remote_script "$@" | remote_ssh "$shell" 2>"$WORK/errors" || printf 'status %s\n' "$?")
    remote_outcome "$status" "$what" "$why" "$next" "$1"
}

# Ends the program when the host refused something, or the connection did not carry it.
remote_outcome() {
    local status="$1" what="$2" why="$3" next="$4" errors
    errors="$(<"$WORK/errors")"
    [[ -z "$what" ]] || fail "$what" "$why" "$next"
    [[ "$status" != 0 ]] || return 0
    [[ "$errors" != *"already "*"livekit-conference-deploy"* && "$errors" != *livekit-conference-deploy*already* ]] ||
        fail "another deployment runs on $HOST" "" "wait for it: systemctl status livekit-conference-deploy, on the host"
    [[ "$status" != 255 ]] || fail "the connection to $HOST was lost" "$errors" "what had begun there goes on; run this again"
    fail "$5 on $HOST ended with status $status" "$errors" "see /var/log/livekit-conference-deploy.log on the host, then run this again"
}

# Puts FILE there as TARGET, for root alone, by way of a file beside it: remote_put FILE TARGET. Content never is an argument.
remote_put() {
    remote_ssh "sudo=; [ \"\$(id -u)\" = 0 ] || sudo='sudo -n'; exec \$sudo sh -c 'umask 077 && cat >\"\$0.part\" && mv -f \"\$0.part\" \"\$0\"' $(printf '%q' "$2")" \
        <"$1" >/dev/null 2>"$WORK/errors" || fail "copying $(basename "$2") to $HOST" "$(<"$WORK/errors")" "see that its disk has room, then run this again"
}
