#!/usr/bin/env bats
# What deploy, rollback, backup, restore and doctor say when something is wrong on the machine of whoever runs them.
# shellcheck disable=SC1090,SC1091,SC2030,SC2031,SC2034,SC2154,SC2317 # doubles and variables belong to the functions under test

bats_require_minimum_version 1.5.0

load helper
load failures

setup() {
    setup_library
    SCRIPTS="$ROOT/ansible-free-scripts"
    for file in problems remote peers deploy firewall outside; do source "$SCRIPTS/lib/$file.sh"; done
    WORK="$BATS_TEST_TMPDIR/work" HOST=example.org ROLE=all MAIN="" PEER_NETWORKS=() CHECK_ONLY=0
    mkdir "$WORK"
}

# Every program of this machine but those named: tools_without NAME...
tools_without() {
    local name
    mkdir -p "$BATS_TEST_TMPDIR/tools"
    ln -sf /usr/bin/* "$BATS_TEST_TMPDIR/tools/"
    for name in "$@"; do rm -f "$BATS_TEST_TMPDIR/tools/$name"; done
    printf '%s' "$BATS_TEST_TMPDIR/tools"
}

@test "an option without its value is named" {
    local script
    for script in "deploy --domain" "rollback --ssh-option" "rollback --warn" "backup --identity" "restore --backup" "doctor --address"; do
        # shellcheck disable=SC2086 # two words
        run "$SCRIPTS/"${script%% *} host ${script#* }
        ends 2 "${script#* } needs a value" "usage: ansible-free-scripts/${script%% *}"
    done
}

@test "a value that can't be is named" {
    run "$SCRIPTS/deploy" host --environment test
    ends 2 "--environment must be local, staging or production"
    run "$SCRIPTS/deploy" host --role everything
    ends 2 "--role must be media, api or egress"
    run "$SCRIPTS/deploy" host --wait-dns soon
    ends 2 "--wait-dns must be a number of minutes"
    run "$SCRIPTS/deploy" host --main -x
    ends 2 "-x is no host"
    for script in deploy rollback restore; do
        for minutes in 0 121 soon 1.5; do
            run "$SCRIPTS/$script" host --warn "$minutes"
            ends 2 "--warn must be a number of minutes from 1 to 120"
        done
    done
    run "$SCRIPTS/deploy" host --remove
    ends 2 "--remove needs --role media, api or egress: what the host was"
    run "$SCRIPTS/restore" host --backup yesterday
    ends 2 "yesterday is no name that --list prints"
}

@test "all that is wrong here is told at once, and SSH is not even tried without its program" {
    printf 'nothing\n' >"$BATS_TEST_TMPDIR/empty"
    PATH="$(tools_without ssh)" run "$SCRIPTS/deploy" host --domain "Meet" --address 1.2.3 --repository ftp://x --admin you --admin-password /none \
        --ssh-from 10.0.0.1/8 --settings "$BATS_TEST_TMPDIR/empty" --secrets /nowhere --provisioned other --main elsewhere --peer 10.0.0.1/8 \
        --peer 0.0.0.0/0
    ends 1 "problem(s), nothing was changed" "ssh is missing here" "--domain Meet is no name such as meet.example.org" \
        "--address 1.2.3 is no IPv4 address" "--repository ftp://x must begin with https:, http: or file:" \
        "--repository needs --repository-key FILE, the livekit-conference.pgp that build-repo wrote" "--admin you is no e-mail address" \
        "--admin-password /none can't be read" "--ssh-from 10.0.0.1/8 is not a network such as 203.0.113.7/32 (no bits set beyond the prefix)" \
        "$BATS_TEST_TMPDIR/empty has no NAME=value line" "/nowhere can't be read" "can't be read; provision-oci --name other makes it" \
        "--main and --main-address go with --role media, api or egress" \
        "--peer 10.0.0.1/8 is not an IPv4 network such as 10.20.0.0/24 (no bits set beyond the prefix)" \
        "--peer 0.0.0.0/0 would let the world in to the tunnels" "SSH to host does not work" "Try: ssh host true"
}

@test "a host whose name nobody knows is told as that, and ends nothing silently" {
    mkdir "$BATS_TEST_TMPDIR/packages"
    run "$SCRIPTS/deploy" no-such-host.invalid --domain meet.example.org --environment staging --packages "$BATS_TEST_TMPDIR/packages"
    ends 1 "SSH to no-such-host.invalid does not work" "Try: ssh no-such-host.invalid true"
}

@test "a host can't be taken away from a main host that doesn't answer; one that is gone itself can" {
    ROLE=media SSH_FROM=() DOMAIN="" ADDRESS=192.0.2.7 REPOSITORY="" ADMIN="" ADMIN_PASSWORD="" ENVIRONMENT="" PROVISIONED="" MAIN_ADDRESS=""
    REMOTE_ERROR="no route"
    remote_answers_anew() { false; }
    run check_removal
    ends 1 "--role media needs --main [USER@]HOST, the host that has the database"
    MAIN=main.example run check_removal
    ends 1 "SSH to the main host main.example does not work: no route. Try: ssh main.example true"
    remote_answers_anew() { [[ "$HOST" == main.example ]]; }
    MAIN=main.example run check_removal
    ends 0 "example.org does not answer: what is on it stays there, and is let in no longer"
}

@test "what belongs to the main host is refused for another one" {
    ROLE=api ENVIRONMENT=local DOMAIN=a.example PROVISIONED=x ADMIN=a@b PEER_NETWORKS=(10.0.0.0/8)
    check_role
    output="${PROBLEMS[*]}"
    says "--role api needs --main [USER@]HOST, the host that has the database" "--environment is the main host's, not one with --role api" \
        "--peer is the main host's, not one with --role api"
    PROBLEMS=() MAIN=main.example REMOTE_ERROR="no route"
    remote_answers_anew() { false; }
    gather_from_main
    output="${PROBLEMS[*]}"
    says "SSH to the main host main.example does not work: no route. Try: ssh main.example true"
}

@test "secrets are kept apart from settings, and from others' eyes" {
    ENVIRONMENT="" DOMAIN="" PROVISIONED="" ADDRESS="" SETTINGS="$BATS_TEST_TMPDIR/settings" SECRETS="$BATS_TEST_TMPDIR/secrets"
    printf 'REDIS_URL=redis://elsewhere\n' >"$SETTINGS"
    printf 'COLOUR=red\n' >"$SECRETS"
    chmod 644 "$SECRETS"
    gather_settings
    output="${PROBLEMS[*]}"
    says "REDIS_URL is a secret: give it by --secrets FILE, not among the settings" "COLOUR in --secrets is no secret that the program knows" \
        "can be read by others: chmod 600 $SECRETS"
}

@test "packages that are not there, or for another release, are problems with the command that makes them" {
    PACKAGES="$BATS_TEST_TMPDIR"
    touch "$PACKAGES/livekit-server_1+noble1_arm64.deb"
    choose_packages arm64 trixie
    PACKAGES=/none choose_packages arm64 trixie
    output="${PROBLEMS[*]}"
    says "there is no folder /none with packages: packaging/build-deb makes them, or --packages FOLDER" "has no livekit-conference for arm64: packaging/build-deb makes it" "the host is trixie, and these are made for another release: livekit-server_1+noble1_arm64.deb"
}

@test "a host that ends without a word, and a disk without room, are said" {
    remote_ssh() { echo "bash: syntax error" >&2 && return 3; }
    run on_host do_something
    ends 1 "FAILED: do_something on example.org ended with status 3" "bash: syntax error" "/var/log/livekit-conference-deploy.log on the host"
    remote_ssh() { echo "sh: write error: No space left on device" >&2 && return 1; }
    run remote_put "$BATS_TEST_FILENAME" /somewhere/a-file
    ends 1 "FAILED: copying a-file to example.org" "No space left on device" "see that its disk has room"
    ssh() { echo "ssh: connect to host example.org port 22: Connection refused" >&2 && return 255; }
    run remote_required
    ends 1 "SSH to example.org does not work" "Connection refused"
}

@test "backup says what is wrong with a key" {
    IDENTITY="$BATS_TEST_TMPDIR/backup.key"
    eval "$(sed -n '/^ensure_key() {/,/^}/p' "$SCRIPTS/backup")"
    on_host() { HOST_SAID=(); }
    run ensure_key
    ends 1 "the host made no key" "see that age is installed there"
    [[ ! -e "$IDENTITY" ]]
    echo "something else" >"$IDENTITY"
    run ensure_key
    ends 1 "$IDENTITY is no key of age" "# public key: age1..."
    rm "$IDENTITY"
    on_host() { HOST_SAID=(age1other); }
    run ensure_key
    ends 1 "example.org makes backups for another key: age1other" "remove /etc/livekit-conference/backup.recipient"
    eval "$(sed -n '/^restore() {/,/^}/p' "$SCRIPTS/restore")"
    IDENTITY=/none run restore
    ends 1 "the key /none can't be read" "ansible-free-scripts/backup has written it"
}

@test "a look from outside wants to know where, and counts what failed" {
    on_host() { FACTS=(); }
    ADDRESS="" run outside_look
    ends 1 "the host has no PUBLIC_URL, or its address is not known" "deploy to it first, or --address IPV4"
    eval "$(sed -n '/^main() {/,/^}/p' "$SCRIPTS/doctor" | sed 's/^main/doctor_main/')"
    read_options() { OUTSIDE=1; }
    remote_required() { :; }
    remote_close() { :; }
    outside_look() { outside_line failed "tcp 443" "it never came"; }
    run doctor_main
    ends 1 "1 check(s) from outside failed" "see the lines above"
}

# What stands for the whole of the list in packaging/ports is told by port-list.bats.
@test "every message of a failure is one that some test has seen" {
    python3 "$BATS_TEST_DIRNAME/failure-messages.py" "$ROOT"
}
