#!/usr/bin/env bats
# The functions of deploy that need no host.
# shellcheck disable=SC1090,SC2030,SC2031,SC2034,SC2094,SC2317 # doubles and variables belong to the functions under test

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
    for file in problems remote deploy firewall; do source "$ROOT/ansible-free-scripts/lib/$file.sh"; done
    for file in "$ROOT"/ansible-free-scripts/lib/on-host/*.sh; do source "$file"; done
    ORACLE="$BATS_TEST_DIRNAME/../deploy/oracle-rules.v4"
    OURS="$(firewall_rules 4 22)"
    SCRIPTS="$ROOT/ansible-free-scripts"
}

@test "deploy, rollback, backup, restore and doctor explain themselves, and refuse a wrong command line" {
    for script in deploy rollback backup restore doctor; do
        run "$SCRIPTS/$script" --help
        [[ "$status" == 0 && "$output" == "usage: ansible-free-scripts/$script"* ]]
        run "$SCRIPTS/$script"
        [[ "$status" == 2 && "$output" == *"which host?"* ]]
        run "$SCRIPTS/$script" host --colour
        [[ "$status" == 2 && "$output" == *"unknown option: --colour"* ]]
        run "$SCRIPTS/$script" -oProxyCommand=touch
        [[ "$status" == 2 && "$output" == *"is no host"* ]]
        run "$SCRIPTS/$script" one two
        [[ "$status" == 2 && "$output" == *"more than one host"* ]]
    done
    run "$SCRIPTS/deploy" host --environment test
    [[ "$status" == 2 && "$output" == *"local, staging or production"* ]]
}

@test "the firewall's rules are those of the list of ports" {
    [[ "$OURS" == *"-p tcp -m tcp --dport 443 "* && "$OURS" == *"-p udp -m udp --dport 50000:60000 "* && "$OURS" == *"--dport 22 "* ]]
    [[ "$OURS" != *5432* && "$OURS" != *6379* && "$OURS" != *" 80 "* && "$OURS" != *3001* ]]
    run firewall_rules 4 2222 203.0.113.7/32 2001:db8::/64
    [[ "$output" == *"-s 203.0.113.7/32 -p tcp -m tcp --dport 2222 "* && "$output" != *2001:db8* ]]
    run firewall_rules 6 2222 203.0.113.7/32 2001:db8::/64
    [[ "$output" == *"-s 2001:db8::/64 "* && "$output" != *203.0.113* ]]
    OPEN_PORT_80=1 run firewall_rules 4 22
    [[ "$output" == *"--dport 80 "* ]]
}

@test "rules come before the one that rejects the rest, and every other line stays as it was" {
    firewall_insert "$OURS" "" <"$ORACLE" >"$BATS_TEST_TMPDIR/new"
    diff <(grep -v 'comment livekit-conference' "$BATS_TEST_TMPDIR/new") "$ORACLE"
    run awk '/livekit-conference/ { last = NR } /^-A INPUT -j REJECT/ { reject = NR } END { exit !(last > 0 && last == reject - 1) }' \
        "$BATS_TEST_TMPDIR/new"
    [[ "$status" == 0 ]]
}

@test "a second time nothing changes, and rules that are no longer wanted go" {
    firewall_insert "$OURS" "" <"$ORACLE" >"$BATS_TEST_TMPDIR/new"
    firewall_insert "$OURS" "" <"$BATS_TEST_TMPDIR/new" | diff - "$BATS_TEST_TMPDIR/new"
    firewall_insert "" "" <"$BATS_TEST_TMPDIR/new" | diff - "$ORACLE"
}

@test "without a rule that rejects, ours are the last of INPUT; with no rule at all they come at the end" {
    printf '%s\n' '*filter' ':INPUT DROP [0:0]' '-A INPUT -i lo -j ACCEPT' '-A FORWARD -j DROP' COMMIT >"$BATS_TEST_TMPDIR/drop"
    run firewall_insert "-A INPUT ours" "" <"$BATS_TEST_TMPDIR/drop"
    [[ "${lines[3]}" == "-A INPUT ours" && "${lines[4]}" == "-A FORWARD -j DROP" && "${#lines[@]}" == 6 ]]
    run firewall_insert "-A INPUT ours" "" < <(printf '%s\n' '*filter' ':INPUT DROP [0:0]' COMMIT)
    [[ "${lines[2]}" == "-A INPUT ours" && "${lines[3]}" == COMMIT ]]
}

@test "rules of other tables are left alone" {
    run firewall_insert "-A INPUT ours" "" < <(printf '%s\n' '*mangle' '-A INPUT -j DROP' COMMIT '*filter' '-A INPUT -j DROP' COMMIT)
    [[ "${lines[1]}" == "-A INPUT -j DROP" && "${lines[4]}" == "-A INPUT ours" ]]
}

@test "SSH for everyone goes only when SSH is kept to networks" {
    run firewall_insert "$OURS" 22 <"$ORACLE"
    [[ "$output" != *"--state NEW -m tcp --dport 22 -j ACCEPT"* ]]
    run firewall_insert "$OURS" 2222 <"$ORACLE"
    [[ "$output" == *"--state NEW -m tcp --dport 22 -j ACCEPT"* ]]
}

@test "settings that are given take the place of the same, once; everything else stays" {
    printf '# note\nA=1\nB=2\n\n# last\n' >"$BATS_TEST_TMPDIR/file"
    printf 'B=3\nC=4\n' >"$BATS_TEST_TMPDIR/given"
    run merge_settings "$BATS_TEST_TMPDIR/given" "$BATS_TEST_TMPDIR/file"
    [[ "$output" == $'# note\nA=1\nB=3\n\n# last\nC=4' ]]
    merge_settings "$BATS_TEST_TMPDIR/given" "$BATS_TEST_TMPDIR/file" >"$BATS_TEST_TMPDIR/merged"
    merge_settings "$BATS_TEST_TMPDIR/given" "$BATS_TEST_TMPDIR/merged" | diff - "$BATS_TEST_TMPDIR/merged"
}

@test "the newest package of each name is chosen, for this processor and release; what is missing is a problem" {
    PACKAGES="$BATS_TEST_TMPDIR"
    touch "$PACKAGES"/livekit-conference_{0.9.0,0.10.0}+noble1_arm64.deb "$PACKAGES/livekit-conference_0.11.0+noble1_amd64.deb" \
        "$PACKAGES"/livekit-conference-{host,caddy}_0.10.0+noble1_all.deb
    choose_packages arm64 noble
    [[ " ${FILES[*]} " == *"/livekit-conference_0.10.0+noble1_arm64.deb "* && "${#FILES[@]}" == 3 ]]
    [[ "${#PROBLEMS[@]}" == 1 && "${PROBLEMS[0]}" == *"no livekit-server for arm64"* ]]
    PROBLEMS=()
    choose_packages arm64 "trixie"
    [[ "${PROBLEMS[*]}" == *"the host is trixie"*livekit-conference_0.10.0+noble1_arm64.deb* ]]
}

@test "what a host prints ends as a note, a change, a fact, a problem or a failure" {
    HOST=example WORK="$BATS_TEST_TMPDIR"
    remote_ssh() { printf '%s\n' 'note hello' 'changed a file' 'fact colour=blue' 'problem too small' 'trial'; }
    on_host anything
    [[ "$STEP_RESULT" == changed && "${FACTS[colour]}" == blue && "${PROBLEMS[*]}" == *"too small"* && "${HOST_SAID[*]}" == trial ]]
    remote_ssh() { printf '%s\n' 'what it broke' 'why because' 'why of this' 'next mend it' && return 1; }
    run on_host anything
    [[ "$status" == 1 && "$output" == *"FAILED: it broke"*because*"of this"*"What to do: mend it"* ]]
    remote_ssh() { echo "Connection reset" >&2 && return 255; }
    run on_host anything
    [[ "$status" == 1 && "$output" == *"the connection to example was lost"*"Connection reset"* ]]
    remote_ssh() { echo "Failed to start transient service unit: Unit livekit-conference-deploy.service was already loaded" >&2 && return 1; }
    run on_host anything
    [[ "$status" == 1 && "$output" == *"another deployment runs on example"* ]]
}

@test "what is sent does nothing before its last line has arrived" {
    CHECK_ONLY=0 remote_script echo complete >"$BATS_TEST_TMPDIR/script"
    run bash -s <"$BATS_TEST_TMPDIR/script"
    [[ "$status" == 0 && "$output" == complete ]]
    run bash -s < <(head -n -1 "$BATS_TEST_TMPDIR/script")
    [[ "$output" == "" ]]
}

@test "a name that does not lead to the host is waited for, and then told with what to do" {
    DOMAIN=meet.example.org ADDRESS=192.0.2.7 WAIT_DNS=0
    resolve() { echo "192.0.2.8"; }
    DNS_POLL=0 run wait_for_dns
    [[ "$status" == 1 && "$output" == *"it is 192.0.2.8, the host's address is 192.0.2.7"*"make an A record of meet.example.org"* ]]
    echo 0 >"$BATS_TEST_TMPDIR/asked"
    resolve() {
        local asked=$(($(<"$BATS_TEST_TMPDIR/asked") + 1))
        echo "$asked" >"$BATS_TEST_TMPDIR/asked"
        ((asked < 3)) || echo "192.0.2.1 192.0.2.7"
    }
    WAIT_DNS=5 DNS_POLL=0 run wait_for_dns
    [[ "$status" == 0 && "$output" == *"meet.example.org is not known; waiting for 192.0.2.7"* ]]
    [[ "$(<"$BATS_TEST_TMPDIR/asked")" == 3 ]]
}

@test "a password leaves the database's URL for the environment, where no process list shows it" {
    source "$ROOT/packaging/scripts/backup-common"
    CONFIGURATION="$BATS_TEST_TMPDIR"
    mkdir "$CONFIGURATION/credentials"
    printf 'postgresql://ann:p%%40ss%%20word@db.example.org/livekit?sslmode=verify-full' >"$CONFIGURATION/credentials/database_url"
    read_database_url
    [[ "$DATABASE" == "postgresql://ann@db.example.org/livekit?sslmode=verify-full" && "$PGPASSWORD" == "p@ss word" ]]
    run ! database_is_here
    printf 'postgresql:///livekit_conference?host=/run/postgresql&user=livekit-conference' >"$CONFIGURATION/credentials/database_url"
    read_database_url
    [[ "$DATABASE" == "postgresql:///livekit_conference?host=/run/postgresql&user=livekit-conference" ]]
    database_is_here
}

@test "what didn't arrive is said with the layer that stops it" {
    source "$ROOT/ansible-free-scripts/lib/outside.sh"
    FACTS=([udp:50000]=arrived [udp:60000]=counted [udp:55000]=taken [tcp:7881]=nothing)
    run outside_verdict udp:50000 silent
    [[ "$output" == passed*"datagrams arrive" ]]
    run outside_verdict udp:60000 silent
    [[ "$output" == failed*"the host's firewall stopped it"* ]]
    run outside_verdict udp:55000 silent
    [[ "$output" == passed*"a meeting uses the port" ]]
    run outside_verdict tcp:7881 silent
    [[ "$output" == failed*"never came to the host"* ]]
    run outside_verdict tcp:443 refused
    [[ "$output" == failed*"nothing listens there"* ]]
    run outside_verdict tcp:443 open
    [[ "$output" == "passed   tcp 443"* ]]
}

# Stands in for the program: has `doctor` when DOCTOR_STATUS is set, which ends with it.
program_with_doctor() {
    livekit-conference() {
        [[ -n "$DOCTOR_STATUS" ]] || return 64
        [[ "$1" == help ]] || { printf 'pass     disk.space  all of it\n\nfail     clock  it is wrong\n         -> set it\n\n1 passed\n' && return "$DOCTOR_STATUS"; }
    }
}

@test "what the program's own diagnosis finds is told, and decides over no deployment" {
    program_with_doctor
    serves() { true; }
    passes_canary() { true; }
    DOCTOR_STATUS=1 run is_well
    [[ "$status" == 0 && "$output" == $'note doctor: fail     clock  it is wrong\nnote doctor:          -> set it\nnote doctor: 1 passed' ]]
    for status_of_doctor in 0 77 ""; do
        DOCTOR_STATUS="$status_of_doctor" run is_well
        [[ "$status" == 0 && "$output" == "" ]]
    done
    passes_canary() { false; }
    DOCTOR_STATUS=0 run ! is_well
}

@test "the front door doctor ends with what the diagnosis finds" {
    program_with_doctor
    installed_version() { echo 1; }
    is_well() { true; }
    DOCTOR_STATUS=1 run host_doctor
    [[ "$status" == 1 && "${lines[0]}" == "what doctor finds something wrong" && "${lines[1]}" == "why fail     clock  it is wrong" ]]
    DOCTOR_STATUS=77 run host_doctor
    [[ "$status" == 0 ]]
}
