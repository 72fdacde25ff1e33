#!/usr/bin/env bats
# The command lines of dev and test.

setup() {
    SCRIPTS="$BATS_TEST_DIRNAME/../../../ansible-free-scripts"
    export LIVEKIT_CONFERENCE_STATE="$BATS_TEST_TMPDIR"
}

@test "dev and test explain themselves" {
    for script in dev test with-services; do
        run "$SCRIPTS/$script" --help
        [[ "$status" == 0 ]]
        [[ "$output" == "usage: ansible-free-scripts/$script"* ]]
    done
}

@test "a wrong command line ends with status 2 and the usage" {
    run "$SCRIPTS/dev" fly
    [[ "$status" == 2 && "$output" == *"unknown command: fly"*"usage:"* ]]
    run "$SCRIPTS/dev"
    [[ "$status" == 2 ]]
    run "$SCRIPTS/dev" up --height 3
    [[ "$status" == 2 ]]
    run "$SCRIPTS/test" --only nothing
    [[ "$status" == 2 && "$output" == *"no such stage: nothing"* ]]
}

@test "the stages are listed in order" {
    run "$SCRIPTS/test" --list
    [[ "$status" == 0 ]]
    [[ "$(awk '{ print $1 }' <<<"$output" | paste -sd ' ')" == \
        "scripts format build unit integration system openapi sanitize-thread frontend browser dev faults packages arm64 deploy oci compose" ]]
}

@test "a stage on request runs only when it is named" {
    run "$SCRIPTS/test" --from dev --check
    [[ "$status" == 0 && "$output" == *"== dev:"* && "$output" != *"== compose:"* ]]
}

@test "without state, down and reset do nothing and status says stopped" {
    run "$SCRIPTS/dev" down
    [[ "$status" == 0 && "$output" == *"Nothing runs"* ]]
    run "$SCRIPTS/dev" reset --yes
    [[ "$status" == 0 && "$output" == *"Nothing to delete"* ]]
    run "$SCRIPTS/dev" status
    [[ "$status" == 3 && "$output" == *"postgres   stopped"* ]]
}
