# shellcheck shell=bash
# Problems gathered and told at once. Sourced after common.sh.

PROBLEMS=()

problem() {
    PROBLEMS+=("- $1")
}

# Ends the program when there are any.
report_problems() {
    ((${#PROBLEMS[@]} == 0)) || fail "${#PROBLEMS[@]} problem(s), nothing was changed" \
        "$(printf '%s\n' "${PROBLEMS[@]}")" "mend these, then run this again"
}
