#!/usr/bin/env bats
# Free TCP ports.

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
    PORT="$(port_random_free)"
    python3 -m http.server --bind 127.0.0.1 "$PORT" >/dev/null 2>&1 3>&- &
    LISTENER=$!
    for _ in $(seq 100); do
        port_is_free "$PORT" || break
        sleep 0.1
    done
}

teardown() {
    kill "$LISTENER"
}

@test "a port that somebody listens on is taken, the next free one is another" {
    run ! port_is_free "$PORT"
    (($(port_free_from "$PORT") > PORT))
}

@test "a port that nobody listens on is free" {
    local other
    other="$(port_random_free)"
    port_is_free "$other"
    [[ "$(port_free_from "$other")" == "$other" ]]
}
