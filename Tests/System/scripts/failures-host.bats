#!/usr/bin/env bats
# What is said of a host on which something is wrong. The functions run here, with doubles for the host's programs.
# shellcheck disable=SC1090,SC1091,SC2030,SC2031,SC2034,SC2094,SC2154,SC2317 # doubles and variables belong to the functions under test

bats_require_minimum_version 1.5.0

load helper
load failures

setup() {
    setup_library
    for file in "$ROOT"/ansible-free-scripts/lib/on-host/*.sh; do source "$file"; done
    CHECK_ONLY=0 START_LIMIT=0 UPGRADING=0 EMPTY_POLL=0
    STATE="$BATS_TEST_TMPDIR/state" LOG="$BATS_TEST_TMPDIR/log" CONFIGURATION="$BATS_TEST_TMPDIR/etc" PEERS="$BATS_TEST_TMPDIR/etc/peers"
    RECIPIENT="$BATS_TEST_TMPDIR/recipient" FIREWALL_FOLDER="$BATS_TEST_TMPDIR/firewall" SOURCES="$BATS_TEST_TMPDIR" KEYRINGS="$BATS_TEST_TMPDIR"
    mkdir -p "$CONFIGURATION/credentials"
    touch "$CONFIGURATION/livekit-conference.env"
    prepare_state
    wanted=() WRONG=""
    # A host on which all goes well.
    systemctl() { :; }
    journalctl() { echo "the journal"; }
    livekit-conference-check() { :; }
    livekit-conference-run() { :; }
    installed_version() { echo 1.0; }
    install_packages() { :; }
    take_role() { :; }
    ensure_tunnel() { :; }
    configure() { return 1; }
    units_are_active() { :; }
    api_is_ready() { :; }
    api_is_current() { :; }
    database_query() { echo 1; }
    tell_diagnosis() { :; }
    take_snapshot() { SNAPSHOT=""; }
    keep_configuration() { :; }
    keep_packages() { :; }
    restore_configuration() { :; }
    packages_to_install() { :; }
    meetings_now() { :; }
    ensure_administrator() { :; }
    env() { "${@:$(($# > 3 ? 3 : 1))}"; }
}

# A package in incoming/ that is to be installed.
something_new() {
    touch "$STATE/incoming/livekit-conference_2.0_all.deb" "$STATE/current/livekit-conference_1.0_all.deb"
    packages_to_install() { printf '%s\n' "$STATE/incoming/livekit-conference_2.0_all.deb"; }
}

@test "a host that can't be deployed to" {
    dpkg() { [[ "$1" == --audit ]] && echo "half installed: caddy" || echo arm64; }
    df() { printf 'Avail\n100\n'; }
    awk() { echo 500; }
    ss() { echo 'LISTEN users:(("nginx",pid=7,fd=6))'; }
    ssh_port() { echo 22; }
    installed_version() { :; }
    run host_facts
    says "problem packages are half installed there: dpkg --configure -a, on the host, mends them" "problem /var has 100 MiB free, 2048 are needed" \
        "problem the host has 500 MiB of memory, 900 are needed" "problem nginx listens on port 443 there: stop it, or take another host"
    command() { [[ "$2" != dpkg ]]; }
    run host_facts
    says "these packages are for Debian and Ubuntu"
}

@test "a host without systemd" {
    # Where these tests run there may be one.
    eval "$(declare -f host_facts | sed 's|/run/systemd/system|/nowhere|')"
    for name in host_room host_dpkg host_ports; do eval "$name() { :; }"; done
    run host_facts
    says "problem systemd does not run there: nothing could be started"
}

@test "a first installation that fails, is not complete, or not well" {
    installed_version() { :; }
    something_new
    install_packages() { echo "E: held broken packages" >>"$LOG" && return 1; }
    run host_apply refuse ""
    ends 1 "what the packages were not installed" "held broken packages" "next see what apt says; dpkg --configure -a"
    install_packages() { :; }
    livekit-conference-check() { echo "S3_BUCKET is missing" && return 78; }
    run host_apply refuse ""
    ends 1 "what the configuration is not complete" "why S3_BUCKET is missing" "give what is missing by --settings and --secrets"
    livekit-conference-check() { :; }
    serves() { WRONG="it is red" && return 1; }
    run host_apply refuse ""
    ends 1 "what everything is installed, but not well" "why it is red" "next mend this, then run the same command again"
}

@test "a host that isn't well although nothing was to be done, or before an upgrade" {
    is_well() { WRONG="caddy is away" && return 1; }
    run host_apply refuse ""
    ends 1 "what nothing was to be done, but the host is not well" "why caddy is away"
    something_new
    run host_apply refuse ""
    ends 1 "what the host isn't well, so nobody could tell whether an upgrade is" "or run this with --force"
    run host_apply force ""
    ends 1 "what the host is not well after this, as it wasn't before" "ansible-free-scripts/rollback goes back"
}

@test "an upgrade that could not go back" {
    something_new
    rm "$STATE"/current/*
    is_well() { :; }
    run host_apply refuse ""
    ends 1 "what this upgrade could not go back" "they are not kept: livekit-conference" "put their .deb files into $STATE/current"
}

@test "an upgrade that apt refuses goes back, and one that can't go back says where the data is" {
    something_new
    install_packages() { [[ "$1" == *1.0* ]] || { echo "E: broken" >>"$LOG" && return 1; }; }
    is_well() { :; }
    run host_apply refuse ""
    ends 1 "not well, so it goes back: apt failed:" "what the new version is not well; what ran before runs again" "E: broken" "then deploy again"
    install_packages() { echo "E: broken" >>"$LOG" && return 1; }
    something_new
    run host_apply refuse ""
    ends 1 "what the new version is not well, and going back failed" "going back: apt failed:" "the database before is not kept"
}

@test "an older version that can't serve the schema, without a snapshot" {
    wanted=(x)
    schema_is_refused() { :; }
    restore_snapshot() { false; }
    touch "$STATE/current/livekit-conference_1.0_all.deb"
    return_to "$STATE/current" "$STATE/configuration" || output="$WRONG"
    says "the older version can't serve the database's schema, and the snapshot (there is none) was not restored"
}

@test "a rollback to something that isn't well" {
    touch "$STATE/previous/livekit-conference_0.9_all.deb"
    is_well() { WRONG="it is older" && return 1; }
    schema_is_refused() { false; }
    run host_rollback refuse
    ends 1 "what the version before is installed, but not well" "why it is older" "deploying the newer packages again brings those back"
    rm "$STATE/previous"/*
    run host_rollback refuse
    ends 1 "what there is nothing to go back to"
}

@test "people in meetings, whom nobody wants to interrupt" {
    meetings_now() { echo "Weekly: 3 people"; }
    sleep() { SECONDS=$((SECONDS + 30)); }
    role() { echo media; }
    run wait_until_empty refuse
    ends 1 "what people are in meetings" "why Weekly: 3 people" "--when-empty waits until they have left, --warn MINUTES tells them and goes on then"
    run wait_until_empty force
    ends 0 "note people are in meetings, and it goes on (--force): Weekly: 3 people"
    livekit-conference-run() { echo "$*" >>"$BATS_TEST_TMPDIR/told"; }
    run wait_until_empty warn:5
    ends 0 "note everyone in a meeting is told that it comes in 5 min" "note waiting until they have left: Weekly: 3 people" \
        "note everyone in a meeting is told that it comes in 1 min" "note they were told, and it goes on: Weekly: 3 people"
    [[ "$(<"$BATS_TEST_TMPDIR/told")" == $'live --announce-update 5\nlive --announce-update 1' ]]
    rm "$BATS_TEST_TMPDIR/told"
    run wait_until_empty warn:1
    [[ "$status" == 0 && "$(<"$BATS_TEST_TMPDIR/told")" == "live --announce-update 1" ]]
    livekit-conference-run() { echo "redis: connection refused" && return 1; }
    run wait_until_empty warn:5
    ends 1 "what people in meetings can't be told of the update" "redis: connection refused" "next nothing was changed"
    # No call passes another backend's host, and a look at what would be done waits for nobody.
    role() { echo api; }
    run wait_until_empty refuse
    [[ "$status" == 0 && "$output" == "" ]]
    role() { echo all; }
    CHECK_ONLY=1 run wait_until_empty warn:5
    [[ "$status" == 0 && "$output" == "" ]]
}

@test "who is in a meeting is asked of the program where the database is elsewhere" {
    eval "$(sed -n '/^meetings_now() {/,/^}/p' "$ROOT/ansible-free-scripts/lib/on-host/database.sh")"
    livekit-conference-run() { [[ "$*" == live ]] && echo "Weekly: 3 people"; }
    run meetings_now
    [[ "$output" == "Weekly: 3 people" ]]
    # A version that doesn't know.
    livekit-conference-run() { echo '"live" is no command' >&2 && return 64; }
    run meetings_now
    [[ "$status" == 0 && "$output" == "" ]]
    grep -q "is no command" "$LOG"
}

@test "another host that is not what it is taken away as, or whose packages stay" {
    role() { echo all; }
    run host_leave media force
    ends 1 "what the host is for all, not for media" "next nothing was changed"
    role() { echo media; }
    units() { echo livekit-server.service; }
    logged() { echo "E: dpkg was interrupted" >>"$LOG" && return 100; }
    PEER_UNIT=none run host_leave media force
    ends 1 "changed remove livekit-conference livekit-server livekit-egress, with its configuration" "what the packages can't be removed" \
        "dpkg was interrupted"
    mkdir "$PEERS"
    echo 'restrict ssh-ed25519 AAAA first' >"$PEERS/authorized_keys"
    run host_dismiss_peer second
    ends 0 "note the main host lets in no second; it lets in first"
    CHECK_ONLY=1 run host_dismiss_peer first
    ends 0 "would let in first no longer"
    grep -q first "$PEERS/authorized_keys"
    rm "$PEERS/authorized_keys"
    run host_dismiss_peer first
    ends 0 "note the main host lets in no first; it lets in no other host"
}

@test "what keeps a host from serving" {
    livekit-conference-check() { echo "PUBLIC_URL is missing" && return 78; }
    serves || output="$WRONG"
    says "the configuration is refused:" "PUBLIC_URL is missing"
    livekit-conference-check() { :; }
    units_are_active() { NOT_ACTIVE=caddy.service && return 1; }
    serves || output="$WRONG"
    says "not active within 0 s: caddy.service" "the journal"
    units_are_active() { :; }
    api_is_ready() { false; }
    wait_for() { "${@:2}"; }
    curl() { echo "database: away"; }
    serves || output="$WRONG"
    says "the API is not ready: database: away"
    api_is_ready() { :; }
    api_is_current() { false; }
    serves || output="$WRONG"
    says "the API runs a program that is not the installed one"
    livekit-conference-run() { echo "failed  join" && return 1; }
    passes_canary || output="$WRONG"
    says "the canary did not come through:" "failed  join"
}

@test "a look at a host that has none, or isn't well" {
    installed_version() { :; }
    run host_doctor
    ends 1 "what the videoconference is not installed there" "next ansible-free-scripts/deploy installs it"
    installed_version() { echo 1; }
    is_well() { WRONG="it is cold" && return 1; }
    run host_doctor
    ends 1 "what the host is not well" "why it is cold" "journalctl -u livekit-conference"
}

@test "a database that doesn't answer, or has no room" {
    eval "$(sed -n '/^take_snapshot() {/,/^}/p' "$ROOT/ansible-free-scripts/lib/on-host/database.sh")"
    database_is_here() { :; }
    database_query() { false; }
    run take_snapshot
    ends 1 "what the database can't be asked" "systemctl status postgresql@18-main"
    database_query() { echo 1000; }
    df() { printf 'Avail\n900\n'; }
    run take_snapshot
    ends 1 "what no room for a snapshot of the database" "why 1000 MiB are needed, 900 are free" "make room in /var"
    df() { printf 'Avail\n90000\n'; }
    as_postgres() { echo "pg_dump: error: connection lost" >&2 && return 1; }
    run take_snapshot
    ends 1 "what the snapshot of the database failed" "connection lost" "nothing was changed"
}

@test "an administrator without a password" {
    eval "$(sed -n '/^ensure_administrator() {/,/^}/p' "$ROOT/ansible-free-scripts/lib/on-host/configuration.sh")"
    database_query() { echo 0; }
    run ensure_administrator a@example.org
    ends 1 "what there is no administrator, and no password for a@example.org was given" "--admin-password FILE"
    echo short >"$STATE/incoming/admin-password"
    livekit-conference-run() { echo "the password is too short" && return 1; }
    run ensure_administrator a@example.org
    ends 1 "what the administrator a@example.org was not made" "the password is too short"
}

@test "packages that went away, and repositories that can't be used" {
    run host_select_packages gone_1_all.deb
    ends 1 "what the package gone_1_all.deb is not on the host" "next run this again"
    update_source() { :; }
    candidate() { echo 1; }
    apt-get() { echo "E: Unable to locate package $*" && return 100; }
    touch "$STATE/incoming/repository.pgp"
    run host_fetch_packages https://packages.example.org livekit-conference
    ends 1 "what packages can't be fetched from https://packages.example.org" "Unable to locate package"
    update_source() { echo "E: NO_PUBKEY" >>"$LOG" && return 100; }
    touch "$STATE/incoming/repository.pgp"
    run host_fetch_packages https://packages.example.org livekit-conference
    ends 1 "what the repository https://packages.example.org can't be read" "NO_PUBKEY" "--repository-key is its key"
}

@test "what the release lacks and can't be had" {
    candidate() { [[ "$1" == caddy ]] && echo 2.6 || true; }
    run host_missing_packages $'caddy 2.8 https://x\nredis-server 5:7.0 -'
    says "problem apt has caddy 2.6 only on the host, caddy 2.8 or newer is needed: a newer release of the system has it, or a repository that you add there" \
        "problem apt has no redis-server on the host"
    require_tools_for_keys() { :; }
    curl() { echo "curl: (6) Could not resolve host" && return 6; }
    run add_source name https://x suite main https://x/key.asc FINGERPRINT
    ends 1 "what the key of https://x can't be fetched" "Could not resolve host" "see that the host reaches https://x/key.asc"
    curl() { :; }
    key_fingerprints() { echo OTHER; }
    run add_source name https://x suite main https://x/key.asc FINGERPRINT
    ends 1 "what the key of https://x is not the one that is expected" "has OTHER, packaging/apt-sources has FINGERPRINT"
    eval "$(sed -n '/^require_tools_for_keys() {/,/^}/p' "$ROOT/ansible-free-scripts/lib/on-host/sources.sh")"
    command() { [[ "$2" != gpg ]]; }
    logged() { echo "E: no network" >>"$LOG" && return 100; }
    run require_tools_for_keys
    ends 1 "what gpg can't be installed, which looks at keys of repositories" "E: no network"
}

@test "backups that can't be made or restored" {
    BACKUP_TOOLS=/nowhere run host_restore_list
    ends 1 "what the host can't make backups" "next deploy to it first"
    require_backup_tools() { :; }
    echo age1other >"$RECIPIENT"
    run host_backup_recipient age1mine
    ends 1 "what backups are made here for another key: age1other" "older backups stay readable by the older key alone"
    systemctl() { return 1; }
    run host_backup
    ends 1 "what the backup failed" "why the journal"
    systemctl() { [[ "$1" != show ]] || echo no; }
    run host_backup
    ends 1 "what the backup was not made" "is not there"
    BACKUP_TOOLS="$BATS_TEST_TMPDIR"
    printf '#!/bin/sh\necho "<3>it can not be decrypted"; exit 1\n' >"$BACKUP_TOOLS/restore"
    chmod 755 "$BACKUP_TOOLS/restore"
    run host_restore verify newest refuse
    ends 1 "what the restore failed" "why it can not be decrypted" "what was there is still there"
    printf '#!/bin/sh\necho restored\n' >"$BACKUP_TOOLS/restore"
    is_well() { WRONG="it is strange" && return 1; }
    run host_restore apply newest refuse
    ends 1 "what the database is restored, but the host is not well" "why it is strange" "stays under the name above"
}

@test "a firewall that is on trial, another's, or can't be had" {
    firewall_other() { :; }
    run firewall_try 90 "" "-A INPUT x" ""
    ends 1 "what another change of the firewall is on trial" "systemctl list-timers livekit-conference-firewall-revert.timer"
    systemctl() { return 1; }
    firewall_other() { echo firewalld; }
    run firewall_try 90 "" "-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT" ""
    ends 1 "what the firewall here is firewalld, which this doesn't write rules for" "needed: -p tcp -m tcp --dport 443"
    firewall_other() { :; }
    command() { return 1; }
    logged() { echo "E: no network" >>"$LOG" && return 100; }
    run firewall_try 90 "" "-A INPUT x" ""
    ends 1 "what iptables-persistent can't be installed" "E: no network"
    unset -f command
    command() { :; }
    firewall_plan() {
        mkdir -p "$FIREWALL_FOLDER"
        echo "-A INPUT x" >"$FIREWALL_FOLDER/running.4"
        : >"$FIREWALL_FOLDER/before.4"
    }
    iptables-restore() { echo "Bad argument x" >&2 && return 2; }
    run firewall_try 90 "" "-A INPUT x" ""
    ends 1 "what the kernel doesn't take the rules" "Bad argument x"
    run firewall_keep
    ends 1 "what the new rules were taken back before they could be kept"
}

@test "other hosts that can't join" {
    run host_admit_peer second api "ssh-ed25519 AAAA" 3011 3011
    ends 1 "what the main host lets in no other hosts yet" "deploy to the main host first with --peer NETWORK"
    mkdir "$PEERS"
    echo "permitlisten=\"127.0.0.1:3011\" ssh-ed25519 AAAA first" >"$PEERS/authorized_keys"
    run host_admit_peer second api "ssh-ed25519 AAAA" 3011 3011
    ends 1 "what there is no port left for another API" "packaging/ports has 3011 to 3011"
    echo media >"$CONFIGURATION/role"
    run host_share_configuration
    ends 1 "what the main host is not deployed yet" "next deploy to it first, without --role"
    eval "$(sed -n '/^take_role() {/,/^}/p' "$ROOT/ansible-free-scripts/lib/on-host/peers.sh")"
    mkdir -p "$STATE/incoming/peer"
    printf api >"$STATE/incoming/peer/role"
    run take_role
    ends 1 "what the host is for media already" "next take a new host for api"
    command() { [[ "$2" != ssh ]]; }
    logged() { echo "E: no network" >>"$LOG" && return 100; }
    run host_peer_key
    ends 1 "what openssh-client can't be installed, which makes the tunnel" "E: no network"
    systemctl() { [[ "$*" != *is-active* ]]; }
    wait_for() { false; }
    ssh-keygen() { touch "$PEERS/host_key.new" "$PEERS/host_key.new.pub"; }
    # Its unit goes elsewhere.
    eval "$(declare -f host_listen_for_peers | sed "s|/etc/systemd/system|$BATS_TEST_TMPDIR|")"
    run host_listen_for_peers 7022 3011 3012
    ends 1 "what the daemon for other hosts does not run" "mend this on the host"
}
