#!/usr/bin/env bats
# Counting tests in what the runners write.

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
    LOG="$LOG_FOLDER/runner.log"
}

@test "Swift Testing: all passed" {
    cat >"$LOG" <<'L'
◇ Test run started.
✔ Test "adds numbers" passed after 0.001 seconds.
✔ Suite Sums passed after 0.002 seconds.
✔ Test run with 12 tests in 3 suites passed after 0.004 seconds.
L
    [[ "$(count_swift_testing "$LOG")" == "12 0 0" ]]
}

@test "Swift Testing: failed and skipped ones" {
    cat >"$LOG" <<'L'
➜ Test later() skipped: "not now"
✘ Test "adds numbers" recorded an issue at A.swift:3:5: Expectation failed: (1 → 1) == 2
✘ Test "adds numbers" failed after 0.001 seconds with 1 issue.
✘ Suite Sums failed after 0.002 seconds with 1 issue.
✘ Test run with 5 tests in 1 suite failed after 0.004 seconds with 1 issue.
L
    [[ "$(count_swift_testing "$LOG")" == "3 1 1" ]]
}

@test "Swift Testing: a run that died without a summary failed" {
    printf '◇ Test run started.\nerror: Exited with unexpected signal code 11\n' >"$LOG"
    [[ "$(count_swift_testing "$LOG")" == "0 1 0" ]]
}

@test "Swift Testing: a run of no tests counts nothing" {
    printf '✔ Test run with 0 tests in 0 suites passed after 0.001 seconds.\n' >"$LOG"
    [[ "$(count_swift_testing "$LOG")" == "0 0 0" ]]
}

@test "pytest: each kind of result" {
    printf '===== 1 failed, 20 passed, 3 skipped, 2 xfailed, 1 warning, 2 errors in 12.31s =====\n' >"$LOG"
    [[ "$(count_pytest "$LOG")" == "20 3 5" ]]
    printf '3 passed in 1.94s\n' >"$LOG"
    [[ "$(count_pytest "$LOG")" == "3 0 0" ]]
    printf '===== 8 deselected in 0.02s =====\n' >"$LOG"
    [[ "$(count_pytest "$LOG")" == "0 0 0" ]]
}

@test "pytest: without its last line it failed" {
    printf 'Segmentation fault\n' >"$LOG"
    [[ "$(count_pytest "$LOG")" == "0 1 0" ]]
}

@test "TAP: passed, failed, skipped" {
    printf '1..4\nok 1 a\nnot ok 2 b\nok 3 c # skip no network\nok 4 d\n' >"$LOG"
    [[ "$(count_tap "$LOG")" == "2 1 1" ]]
}

@test "playwright: repeated tests are failures, a missing report too" {
    printf '{"stats": {"expected": 4, "unexpected": 1, "flaky": 2, "skipped": 3}}' >"$LOG"
    [[ "$(count_playwright "$LOG")" == "4 3 3" ]]
    printf 'no report' >"$LOG"
    [[ "$(count_playwright "$LOG")" == "0 1 0" ]]
}
