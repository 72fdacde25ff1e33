#!/usr/bin/env bats
# What provision-oci and destroy-oci say when something is wrong. How they work at all is shown by the stage `oci`.
# shellcheck disable=SC1090,SC1091,SC2030,SC2031,SC2034,SC2154,SC2317 # doubles and variables belong to the functions under test

bats_require_minimum_version 1.5.0

load helper
load failures

setup() {
    setup_library
    SCRIPTS="$ROOT/ansible-free-scripts"
    for file in port-list oci-command; do source "$SCRIPTS/lib/$file.sh"; done
    for script in provision-oci destroy-oci; do
        while read -r name; do
            eval "$(sed -n "/^$name() {/,/^}/p" "$SCRIPTS/$script")"
        done < <(sed -n 's/^\([a-z_]*\)() {$/\1/p' "$SCRIPTS/$script" | grep -vxE 'main|usage|read_options|read_option')
    done
    NAME=test OCI_PROFILE=DEFAULT OCI_REGION=eu-frankfurt-1 OCI_TENANCY=ocid1.tenancy OCI_USER=ocid1.user COMPARTMENT=c INSTANCE=i GROUP=g
    OCI_SHAPE=VM.Standard.A1.Flex OCPUS=2 MEMORY=12 DISK=50 IMAGE=image SSH_FROM=(10.0.0.0/8) DOMAINS=(AD-1) OUTCOME="$BATS_TEST_TMPDIR" BUCKET=bucket
    export HOME="$BATS_TEST_TMPDIR"
    unset OCI_CLI_CONFIG_FILE
}

# What the client answers: its calls fail with CODE and MESSAGE.
refused_by_oracle() {
    eval "oci_try() { OCI_ANSWER='' OCI_ERROR_CODE='$1' OCI_ERROR_MESSAGE='$2'; return 1; }"
}

# oci_wait without waiting.
waits_once() {
    oci_wait() { "${@:3}"; }
}

@test "an option without its value is named" {
    run "$SCRIPTS/provision-oci" --name
    ends 2 "--name needs a value" "usage: ansible-free-scripts/provision-oci"
    run "$SCRIPTS/destroy-oci" --name
    ends 2 "--name needs a value" "usage: ansible-free-scripts/destroy-oci"
}

@test "every choice that can't be is told at once, with a client that is missing" {
    mkdir "$HOME/tools"
    ln -s /usr/bin/* "$HOME/tools/"
    rm -f "$HOME"/tools/{curl,oci}
    printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\n' >"$HOME/key"
    PATH="$HOME/tools" run "$SCRIPTS/provision-oci" --ssh-key "$HOME/key" --name "Bad" --bucket "a bucket" --memory 0
    ends 1 "--ssh-from is missing: nobody could reach the machine; your own address with /32, for instance" \
        "$HOME/key is a private key; --ssh-key wants the public one (.pub)" \
        "--name Bad: small letters, digits and hyphens, at most 41, beginning with a letter" \
        "--bucket a bucket: letters, digits, dots, hyphens and underscores, at most 63" "--memory 0 is not a whole number from 1 to 512" \
        "curl is missing: apt-get install curl" \
        "Oracle's command line client is missing: python3 -m venv ~/oci && ~/oci/bin/pip install oci-cli, and ~/oci/bin on PATH"
    run "$SCRIPTS/provision-oci" --ssh-key "$HOME/none.pub" --ssh-from 0.0.0.0/0 --ssh-from 10.0.0.1/8
    ends 1 "the public key $HOME/none.pub can't be read: ssh-keygen -t ed25519, or --ssh-key FILE" "--ssh-from 0.0.0.0/0 would open SSH to the world" \
        "--ssh-from 10.0.0.1/8 is not an IPv4 network such as 203.0.113.7/32 (no bits set beyond the prefix)"
}

@test "a client that is old, or has no profile" {
    have() { :; }
    oci() { echo 1.2.3; }
    run oci_check_client
    PROBLEMS=()
    oci_check_client || true
    output="${PROBLEMS[*]}"
    says "oci 1.2.3 is older than" "pip install --upgrade oci-cli" "$HOME/.oci/config is missing: oci setup config (docs/oracle-cloud.md tells how to get the API key)"
    mkdir "$HOME/.oci"
    printf '[DEFAULT]\nuser=me\n' >"$HOME/.oci/config"
    OCI_REGION="" PROBLEMS=()
    oci_check_client || true
    output="${PROBLEMS[*]}"
    says "the profile DEFAULT in $HOME/.oci/config has no tenancy, user or region: oci setup config"
}

@test "an account that may not look, a region that isn't its own, an allowance that is used up, no image" {
    refused_by_oracle NotAuthenticated "The required information was not provided"
    check_region
    check_allowance
    output="${PROBLEMS[*]}"
    says "Oracle doesn't answer the account of the profile DEFAULT (NotAuthenticated: The required information was not provided): check the API key" \
        "the availability domains can't be read: NotAuthenticated"
    PROBLEMS=()
    oci_try() { [[ "$1" == iam ]] && OCI_ANSWER='{"data": [{"name": "AD-1", "regionName": "uk-london-1"}]}' || OCI_ANSWER='{"data": {"available": 1}}'; }
    check_region
    COMPARTMENT="" check_allowance
    output="${PROBLEMS[*]}"
    says "the tenancy is not subscribed to the region eu-frankfurt-1: subscribe in the console, or --region" \
        "the tenancy has 1 free cores of VM.Standard.A1.Flex, --ocpus asks for 2: remove a machine or choose fewer"
    PROBLEMS=() IMAGE=""
    check_choices() { :; }
    oci_check_client() { :; }
    check_region() { :; }
    check_allowance() { :; }
    refused_by_oracle NotAuthorizedOrNotFound "no images"
    run check_prerequisites
    ends 1 "no image of Ubuntu 24.04 for VM.Standard.A1.Flex was found (NotAuthorizedOrNotFound: no images): name one by --image OCID"
}

@test "a call that is refused says what Oracle says, and what that asks for" {
    for code in NotAuthenticated NotAuthorizedOrNotFound LimitExceeded TooManyRequests; do
        refused_by_oracle "$code" "as Oracle puts it"
        run oci_call "making something" network vcn create
        ends 1 "FAILED: making something" "$code: as Oracle puts it" "What to do: $(oci_advice "$code")" "the same command goes on where this one stopped"
    done
    run launch_somewhere
    ends 1 "launching the machine in AD-1" "TooManyRequests: as Oracle puts it"
    run ensure_bucket
    ends 1 "asking for the storage's namespace"
}

@test "a user who has as many secret keys as Oracle allows, and one who may not have any" {
    changing() { :; }
    oci_call() { OCI_ANSWER='{"data": []}'; }
    refused_by_oracle LimitExceeded "at most 2"
    run ensure_secret_key
    ends 1 "making a customer secret key" "LimitExceeded: at most 2" "remove one that nothing uses (console: My profile, Customer secret keys)"
    refused_by_oracle NotAuthorized "no"
    run ensure_secret_key
    ends 1 "making a customer secret key" "the account of the profile may not do this here"
}

@test "what doesn't become ready in time" {
    waits_once
    changing() { :; }
    oci_call() { OCI_ANSWER='{"data": {"id": "x", "lifecycle-state": "STOPPING"}}'; }
    refused_by_oracle NotAuthorizedOrNotFound "not yet"
    COMPARTMENT=""
    oci_find_compartment() { :; }
    run ensure_compartment
    ends 1 "the new compartment can't be used" "NotAuthorizedOrNotFound: not yet"
    COMPARTMENT=c
    oci_tagged_id() { echo found; }
    run ensure_instance
    ends 1 "the machine does not run" "look at it in Oracle's console, then run this again"
    find_private_ip() { false; }
    run ensure_group_of_machine
    ends 1 "the machine has no network card"
    oci_tagged_id() { :; }
    run oci_network_resource FOUND_HERE subnet "the subnet"
    ends 1 "FAILED: the subnet" "it is not AVAILABLE after 120 s"
    secret_key_works() { S3_ANSWER=403 && return 1; }
    NAMESPACE=space run wait_for_secret_key
    ends 1 "the customer secret key is not accepted" "403 from https://space.compat.objectstorage.eu-frankfurt-1.oraclecloud.com"
}

@test "a bucket that can't be read, or gets no lifecycle" {
    waits_once
    changing() { :; }
    oci_call() { OCI_ANSWER='{"data": "space"}'; }
    refused_by_oracle InternalError "the storage is ill"
    run ensure_bucket
    ends 1 "reading the bucket bucket" "InternalError: the storage is ill"
    run ensure_bucket_lifecycle
    ends 1 "setting the bucket's lifecycle" "InternalError"
}

@test "what can't be removed" {
    waits_once
    changing() { :; }
    refused_by_oracle Conflict "it is still in use"
    run remove subnet ocid1.subnet
    ends 1 "removing subnet ocid1.subnet" "Conflict: it is still in use"
    remove_once() { :; }
    instance_is_gone() { false; }
    run remove instance ocid1.instance
    ends 1 "the machine is not gone" "What to do: run this again"
}
