#!/usr/bin/env bats
# What packaging/ports says, and what is made of it.

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
}

@test "a range has its first and last port, a single port is both" {
    PORT_LIST="$BATS_TEST_TMPDIR/ports"
    printf 'a udp 5-9 any prog for this\nb tcp 7 loopback other that\n' >"$PORT_LIST"
    run port_list
    [ "${lines[0]}" = $'a\tudp\t5\t9\tany\tprog\tfor this' ]
    [ "${lines[1]}" = $'b\ttcp\t7\t7\tloopback\tother\tthat' ]
}

@test "rows are chosen by who may reach them" {
    PORT_LIST="$BATS_TEST_TMPDIR/ports"
    printf 'a udp 5-9 any prog x\nb tcp 7 loopback other y\nc tcp 8 admin other z\n' >"$PORT_LIST"
    [ "$(port_list any admin | cut -f 1 | tr '\n' ' ')" = "a c " ]
}

@test "each row that can't be meant is told" {
    PORT_LIST="$BATS_TEST_TMPDIR/ports"
    printf 'a sctp 5 any p w\nb tcp 9-5 any p w\nc tcp 7 mars p w\nc tcp 8 any p w\n' >"$PORT_LIST"
    run port_list_check
    [ "$status" = 1 ]
    [[ "$output" == *"a: protocol sctp"* && "$output" == *"b: ports 9-5"* && "$output" == *"c: from mars"* && "$output" == *"c: named twice"* ]]
}

@test "the list of the repository is in order, and the database and Redis are nobody's but the host's" {
    port_list_check
    [ "$(port_list any admin option | awk -F '\t' '$6 ~ /postgres|redis/')" = "" ]
    [ "$(port_list loopback | grep -c -E '^(postgresql|redis)')" = 2 ]
}

@test "docs/ports.md is what the list makes" {
    diff -u "$ROOT/docs/ports.md" <("$ROOT/ansible-free-scripts/ports")
}

# The ports of a row of the list: ports_of NAME
ports_of() {
    port_list | awk -F '\t' -v name="$1" '$1 == name { print ($3 == $4 ? $3 : $3 "-" $4) }'
}

# What a setting is unless given; docs/configuration.md is made from the program: default_of NAME
default_of() {
    sed -n "/^### \`$1\`/,/^### /s/^- Default: \`\(.*\)\`/\1/p" "$ROOT/docs/configuration.md"
}

# The same in the environment `local`: default_local NAME
default_local() {
    sed -n "/^### \`$1\`/,/^### /s/^.*local default: \`\(.*\)\`/\1/p" "$ROOT/docs/configuration.md"
}

@test "the list has the ports that the program's configuration and units have" {
    [ "$(ports_of media-udp)" = "$(default_of LIVEKIT_UDP_PORTS)" ]
    [ "$(ports_of media-tcp)" = "$(default_of LIVEKIT_TCP_PORT)" ]
    [ "http://127.0.0.1:$(ports_of signalling)" = "$(default_of LIVEKIT_URL)" ]
    [ "127.0.0.1:$(ports_of api)" = "$(default_of LISTEN)" ]
    grep -qx "ListenStream=127.0.0.1:$(ports_of api)" "$ROOT/systemd/livekit-conference.socket"
    grep -qx "ExecStartPost=/usr/lib/livekit-server/wait-ready $(ports_of signalling)" "$ROOT/systemd/livekit-server.service"
    # The Caddyfile names origins without a port: Caddy takes those of their schemes.
    [ "$(ports_of https) $(ports_of http3) $(ports_of http)" = "443 443 80" ]
    run ! grep -nE 'https?_port|^[^#]*:(80|443)\b' "$ROOT/Sources/livekit-conference/ServiceConfiguration/Caddyfile.swift"
    grep -q "127.0.0.1:$(ports_of postgresql)/" <(default_local DATABASE_URL)
    grep -q "127.0.0.1:$(ports_of redis)/" <(default_local REDIS_URL)
}
