# shellcheck shell=bash
# shellcheck disable=SC2154 # output and status are set by run
# For the tests of what is said when something is wrong. Loaded, never run.

# Each of TEXTS is in the output.
says() {
    local text
    for text in "$@"; do
        [[ "$output" == *"$text"* ]] || { printf 'not said: %s\nbut:\n%s\n' "$text" "$output" && return 1; }
    done
}

# The command ended with STATUS, and said TEXTS: ends STATUS TEXT...
ends() {
    [[ "$status" == "$1" ]] || { printf 'status %s, not %s:\n%s\n' "$status" "$1" "$output" && return 1; }
    says "${@:2}"
}
