#!/usr/bin/env bats
# Background processes by name.

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
}

teardown() {
    process_stop sleeper 5 || true # the test may have stopped it
}

@test "a process is started once, known by its number, and stopped" {
    process_start sleeper "$LOG_FOLDER/sleeper.log" sleep 300
    local pid
    pid="$(process_pid sleeper)"
    [[ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" == "sleep 300 " ]]
    process_is_running sleeper
    process_stop sleeper 5
    run ! process_is_running sleeper
    [[ ! -e "$RUN_FOLDER/sleeper.pid" ]]
}

@test "it has a session of its own and hears SIGINT" {
    process_start sleeper "$LOG_FOLDER/sleeper.log" sleep 300
    local pid
    pid="$(process_pid sleeper)"
    [[ "$(ps -o sid= -p "$pid" | tr -d ' ')" == "$pid" ]]
    process_stop sleeper 5 INT
    run ! process_is_running sleeper
}

@test "a number that now belongs to another process is neither ours nor killed" {
    sleep 300 3>&- &
    local stranger=$!
    printf '%s 12345 %s\n' "$stranger" "$(</proc/sys/kernel/random/boot_id)" >"$RUN_FOLDER/sleeper.pid"
    run ! process_is_running sleeper
    run ! process_stop sleeper 1
    kill -0 "$stranger"
    kill "$stranger"
}

@test "a number from before the last boot is not ours" {
    sleep 300 3>&- &
    local stranger=$!
    printf '%s %s another-boot\n' "$stranger" "$(process_start_time "$stranger")" >"$RUN_FOLDER/sleeper.pid"
    run ! process_is_running sleeper
    kill "$stranger"
}

@test "what ignores SIGTERM is killed in the end, and that is told" {
    process_start sleeper "$LOG_FOLDER/sleeper.log" bash -c 'trap "" TERM; echo ready; while :; do sleep 0.1; done'
    process_wait sleeper 5 "$LOG_FOLDER/sleeper.log" grep -q ready "$LOG_FOLDER/sleeper.log"
    run process_stop sleeper 1
    [[ "$output" == *"killed"* ]]
    run ! process_is_running sleeper
}

@test "waiting for a process that ends says so with its log" {
    process_start sleeper "$LOG_FOLDER/sleeper.log" bash -c 'echo cannot bind; sleep 0.2; exit 1'
    run process_wait sleeper 10 "$LOG_FOLDER/sleeper.log" false
    [[ "$status" == 1 ]]
    [[ "$output" == *"ended while starting"*"cannot bind"* ]]
}
