# shellcheck shell=bash
# Python interpreters and environments. Sourced after common.sh.

# Prints an interpreter of at least version MINIMUM that can make environments; false when there is none.
# A name on PATH may be a shim that only says that this version is not selected, so each candidate is really run.
python_find() {
    local minimum="$1" candidate
    local pyenv="${PYENV_ROOT:-$HOME/.pyenv}/versions"
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.14 python3.11 python3.10 \
        /usr/bin/python3 "$pyenv"/3.*/bin/python3; do
        "$candidate" - "$minimum" >/dev/null 2>&1 <<'P' || continue
import ensurepip, sys, venv
sys.exit(sys.version_info < tuple(map(int, sys.argv[1].split("."))))
P
        "$candidate" -c 'import sys; print(sys.executable)'
        return 0
    done
    return 1
}

# True when the environment NAME in the cache folder runs and holds exactly the REQUIREMENTS:
# environment_is_complete NAME REQUIREMENT...
environment_is_complete() {
    local folder
    folder="$(cache_folder)/$1"
    shift
    [[ "$(cat "$folder/complete" 2>/dev/null)" == "$(environment_wish "$@")" ]] && "$folder/bin/python" -c '' 2>/dev/null
}

# Makes the environment NAME in the cache folder hold exactly the REQUIREMENTS (arguments of pip install):
# ensure_environment NAME INTERPRETER REQUIREMENT...   The path is then $(cache_folder)/NAME.
ensure_environment() {
    local name="$1" interpreter="$2" folder
    shift 2
    ! environment_is_complete "$name" "$@" || return 0
    folder="$(cache_folder)/$name"
    changing "Python environment $folder" || return 0
    local advice="see that pip can reach its package index; the log says what it tried"
    rm -rf "$folder"
    run_logged "$LOG_FOLDER/python-$name.log" "making $folder" "$advice" "$interpreter" -m venv "$folder"
    run_logged "$LOG_FOLDER/python-$name.log" "pip install $*" "$advice" \
        "$folder/bin/python" -m pip install --disable-pip-version-check --no-input --no-compile "$@"
    environment_wish "$@" >"$folder/complete"
}

# What an environment was asked to hold, with the text of requirement files.
environment_wish() {
    local argument
    for argument in "$@"; do
        if [[ -f "$argument" ]]; then sha256sum <"$argument"; else printf '%s ' "$argument"; fi
    done
}
