#!/usr/bin/env bats
# Messages, steps, files.

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
}

@test "a version is at least itself and any smaller one, number by number" {
    version_at_least 6.2 6.2
    version_at_least 6.10 6.2
    version_at_least 18.6.0 18.1
    run ! version_at_least 6.1.3 6.2
    run ! version_at_least "" 6.2
}

@test "a file is written only when it differs, with its mode" {
    local file="$BATS_TEST_TMPDIR/file"
    install_file "$file" 600 <<<one
    [[ "$(stat -c %a "$file")" == 600 ]]
    run ! install_file "$file" 600 <<<one
    install_file "$file" 600 <<<two
    [[ "$(<"$file")" == two ]]
    [[ "$(find "$BATS_TEST_TMPDIR" -name 'file*' | wc -l)" == 1 ]]
}

@test "a secret has the length asked for, only letters and digits, and is another one each time" {
    [[ "$(random_secret 48)" =~ ^[A-Za-z0-9]{48}$ ]]
    [[ "$(random_secret)" != "$(random_secret)" ]]
}

@test "a failing command ends the program with its log's end and what to do" {
    run run_logged "$LOG_FOLDER/a.log" "making tea" "fill the kettle" bash -c 'echo no water; exit 3'
    [[ "$status" == 1 ]]
    [[ "$output" == *"FAILED: making tea (exit status 3)"* ]]
    [[ "$output" == *"no water"* ]]
    [[ "$output" == *"What to do: fill the kettle"* ]]
}

# shellcheck disable=SC2317 # called by step
@test "a step says unchanged, changed, or left out, and its time" {
    alters() { changing "painting it" && step_changed; }
    omits() { step_left_out; }
    run step "Nothing" true
    [[ "$output" =~ Nothing\ +unchanged\ +0\.[0-9]\ s ]]
    run step "Something" alters
    [[ "$output" == *"painting it"*"Something"*" changed "* ]]
    run step "Other" omits
    [[ "$output" == *"Other"*"left out"* ]]
}

@test "with --check nothing is changed and the wish is told" {
    alters() {
        changing "painting it" || return 0
        touch "$BATS_TEST_TMPDIR/painted"
    }
    CHECK_ONLY=1 run step "Something" alters
    [[ "$output" == *"would: painting it"* ]]
    [[ ! -e "$BATS_TEST_TMPDIR/painted" ]]
}
