#!/usr/bin/env bats
# The front door of the program's doctor: which program it runs, and how it reaches another machine.

setup() {
    DOCTOR="$BATS_TEST_DIRNAME/../../../ansible-free-scripts/doctor"
    mkdir "$BATS_TEST_TMPDIR/bin"
    for name in ssh program; do
        printf '#!/bin/bash\nprintf "%%s\\n" "%s" "$@"\nexit 77\n' "$name" >"$BATS_TEST_TMPDIR/bin/$name"
        chmod +x "$BATS_TEST_TMPDIR/bin/$name"
    done
    export PATH="$BATS_TEST_TMPDIR/bin:$PATH"
}

@test "it explains itself" {
    run "$DOCTOR" --help
    [[ "$status" == 0 && "$output" == "usage: ansible-free-scripts/doctor"* ]]
}

@test "a wrong command line ends with status 2" {
    run "$DOCTOR" --host
    [[ "$status" == 2 && "$output" == *"--host needs a machine"* ]]
    run "$DOCTOR" --host --json
    [[ "$status" == 2 ]]
}

@test "it hands its options to the program, and the program's status back" {
    LIVEKIT_CONFERENCE_BIN="$BATS_TEST_TMPDIR/bin/program" run "$DOCTOR" --only "a b"
    [[ "$status" == 77 && "$output" == $'program\ndoctor\n--only\na b' ]]
}

@test "a program that is not there is said with what to do" {
    LIVEKIT_CONFERENCE_BIN=/nowhere/program run "$DOCTOR"
    [[ "$status" == 1 && "$output" == *"/nowhere/program is not there"*"--host"* ]]
}

@test "on another machine options stay single words" {
    run "$DOCTOR" --host root@meet.test --only "a b;id" --json
    [[ "$status" == 77 ]]
    [[ "$output" == *$'--\nroot@meet.test\nsudo livekit-conference doctor --only a\\ b\\;id --json '* ]]
}
