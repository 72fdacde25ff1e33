# shellcheck shell=bash
# How many tests passed, failed and were skipped, read from what the test runners write. Each function reads a log file and
# prints "PASSED FAILED SKIPPED". Sourced after common.sh.

# Swift Testing. Its summary counts tests that ran, skipped ones included; without a summary the process died on the way.
count_swift_testing() {
    local log="$1" total failed skipped
    total="$(sed -nE 's/.*Test run with ([0-9]+) tests? .*(passed|failed) after.*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')"
    failed="$(grep -cE '^[^ ]* *Test .* failed after ' "$log" || true)" # none found is a count too
    # The run's own summary line reads like a test's.
    failed=$((failed - $(grep -cE 'Test run with [0-9]+ tests? .*failed after' "$log" || true)))
    skipped="$(grep -cE '^[^ ]* *Test .* skipped' "$log" || true)"
    grep -qE 'Test run with [0-9]+ tests? .*(passed|failed) after' "$log" || failed=$((failed + 1))
    ((total > failed + skipped)) || total=$((failed + skipped))
    printf '%d %d %d' $((total - failed - skipped)) "$failed" "$skipped"
}

# pytest: its last line, "3 passed, 1 failed, 2 skipped, 1 error in 2.00s".
count_pytest() {
    local line
    line="$(grep -E '(passed|failed|skipped|error|no tests ran|deselected).* in [0-9.]+s' "$1" | tail -n 1)" || line=""
    if [[ -z "$line" ]]; then
        printf '0 1 0'
        return 0
    fi
    printf '%d %d %d' "$(count_word passed "$line")" \
        $(($(count_word failed "$line") + $(count_word 'errors?' "$line"))) \
        $(($(count_word skipped "$line") + $(count_word xfailed "$line")))
}

# The number before WORD in LINE, 0 when it is not there.
count_word() {
    local number
    number="$(grep -oE "[0-9]+ $1\b" <<<"$2" | head -n 1)" || number=0
    printf '%d' "${number%% *}"
}

# TAP, as bats writes it.
count_tap() {
    local passed failed skipped
    skipped="$(grep -cE '^ok [0-9]+ .*# skip' "$1" || true)" # none found is a count too
    passed="$(grep -cE '^ok [0-9]+' "$1" || true)"
    failed="$(grep -cE '^not ok [0-9]+' "$1" || true)"
    printf '%d %d %d' $((passed - skipped)) "$failed" "$skipped"
}

# Playwright's report in JSON. A test that passed only when it was repeated is a failure.
count_playwright() {
    python3 -c '
import json, sys
counts = json.load(open(sys.argv[1]))["stats"]
print(counts["expected"], counts["unexpected"] + counts["flaky"], counts["skipped"])
' "$1" 2>/dev/null || printf '0 1 0' # without a report the run itself failed
}
