# shellcheck shell=bash
# Where state and downloads live. Sourced after common.sh.

# The folder that holds everything `dev` keeps: data, logs, process ids, secrets.
# For root it is not in the home folder, which the unprivileged account that runs PostgreSQL cannot enter.
state_folder() {
    local base="${LIVEKIT_CONFERENCE_STATE:-${XDG_STATE_HOME:-}}"
    if [[ -z "$base" && "$EUID" == 0 ]]; then
        base=/var/local
    fi
    printf '%s/livekit-conference' "$(realpath -m "${base:-$HOME/.local/state}")"
}

# The folder of downloads, tool chains and Python environments; it can be deleted at any time.
cache_folder() {
    local base="${XDG_CACHE_HOME:-}"
    if [[ -z "$base" && "$EUID" == 0 ]]; then
        base=/var/cache/livekit-conference-dev
    fi
    printf '%s/livekit-conference' "$(realpath -m "${base:-$HOME/.cache}")"
}

# Makes FOLDER with MODE (for its last part) when it is missing.
ensure_folder() {
    [[ -d "$1" ]] || install -d -m "$2" "$1"
}

# Ends the program when the account USER cannot enter FOLDER.
require_enterable() {
    local user="$1" folder="$2"
    [[ "$EUID" == 0 ]] || return 0
    setpriv --reuid="$user" --regid="$user" --clear-groups test -x "$folder" || fail \
        "the account $user cannot enter $folder" \
        "one of the folders above it is closed to others, and PostgreSQL does not run as root" \
        "choose another place by LIVEKIT_CONFERENCE_STATE (state) or XDG_CACHE_HOME (downloads), or run this as an ordinary user"
}
