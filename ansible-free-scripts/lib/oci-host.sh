# shellcheck shell=bash
# The machine at Oracle, its reserved address, and the bucket with its credentials. Sourced after oci-network.sh.

OCI_SHAPE=VM.Standard.A1.Flex

# The newest image of the operating system for the shape.
find_image() {
    [[ -z "$IMAGE" ]] || return 0
    oci_try compute image list --compartment-id "$OCI_TENANCY" --operating-system "Canonical Ubuntu" \
        --operating-system-version 24.04 --shape "$OCI_SHAPE" --sort-by TIMECREATED --sort-order DESC --all || return 1
    IMAGE="$(oci_field data.0.id)"
    [[ -n "$IMAGE" ]]
}

# Launches in each availability domain in turn, as long as --wait-capacity allows.
ensure_instance() {
    oci_call "listing machines" compute instance list --compartment-id "$COMPARTMENT" --all
    INSTANCE="$(oci_tagged_id)"
    if [[ -z "$INSTANCE" ]]; then
        changing "machine $OCI_SHAPE with $OCPUS cores and $MEMORY GB" || return 0
        launch_somewhere
    fi
    oci_wait "the machine to run" 600 instance_runs ||
        fail "the machine does not run" "it is $(oci_field data.lifecycle-state) after 600 s" "look at it in Oracle's console, then run this again"
}

# Whether the machine runs; one that was stopped is started.
instance_runs() {
    oci_try compute instance get --instance-id "$INSTANCE" || return 1
    case "$(oci_field data.lifecycle-state)" in
        RUNNING) return 0 ;;
        STOPPED)
            changing "start the machine" || return 0
            oci_try compute instance action --instance-id "$INSTANCE" --action START || true # asked again in the next round
            ;;
    esac
    return 1
}

launch_somewhere() {
    local domain start=$SECONDS round=1
    while true; do
        for domain in "${DOMAINS[@]}"; do
            if launch_in "$domain"; then
                INSTANCE="$(oci_field data.id)"
                return 0
            fi
            [[ "$OCI_ERROR_MESSAGE" == *[Cc]apacity* ]] || oci_fail "launching the machine in $domain"
            note "$domain has no room for this shape now (round $round)"
        done
        ((SECONDS - start < WAIT_CAPACITY * 60)) || fail "Oracle has no room for the machine" \
            "$OCI_SHAPE with $OCPUS cores: \"$OCI_ERROR_MESSAGE\" in ${DOMAINS[*]}, for $WAIT_CAPACITY minutes" \
            "run this again later or with a longer --wait-capacity MINUTES; fewer --ocpus find room sooner; accounts upgraded to pay-as-you-go are served first and keep the free allowance"
        round=$((round + 1))
        sleep "${OCI_CAPACITY_PAUSE:-60}"
    done
}

# Not repeated by the client itself: "out of capacity" is an error 500, which it would try eight times.
launch_in() {
    oci_try --no-retry compute instance launch --availability-domain "$1" --compartment-id "$COMPARTMENT" \
        --display-name "$NAME" --freeform-tags "$(oci_tags)" --shape "$OCI_SHAPE" \
        --shape-config "{\"ocpus\": $OCPUS, \"memoryInGBs\": $MEMORY}" --image-id "$IMAGE" --boot-volume-size-in-gbs "$DISK" \
        --subnet-id "$SUBNET" --nsg-ids "[\"$GROUP\"]" --assign-public-ip false --ssh-authorized-keys-file "$SSH_KEY"
}

# Finds the address inside the network that the reserved one has to point to.
find_private_ip() {
    oci_call "listing network cards" compute vnic-attachment list --compartment-id "$COMPARTMENT" --instance-id "$INSTANCE" --all
    VNIC="$(oci_field data.0.vnic-id)"
    [[ -n "$VNIC" ]] || return 1
    oci_call "reading the private address" network private-ip list --vnic-id "$VNIC" --all
    PRIVATE_IP="$(oci_field data.0.id)"
    [[ -n "$PRIVATE_IP" ]]
}

# The machine's network card is in the group; someone may have taken it out, or the group was made anew.
ensure_group_of_machine() {
    [[ -n "$INSTANCE" && -n "$GROUP" ]] || return 0
    oci_wait "the machine's network card" 180 find_private_ip || fail "the machine has no network card" "" "run this again"
    oci_call "reading the machine's network card" network vnic get --vnic-id "$VNIC"
    [[ "$(oci_field data.nsg-ids)" != "[\"$GROUP\"]" ]] || return 0
    changing "put the machine into the security group" || return 0
    oci_call "putting the machine into the security group" network vnic update --vnic-id "$VNIC" --force --nsg-ids "[\"$GROUP\"]"
}

ensure_public_ip() {
    local assigned
    oci_call "listing reserved addresses" network public-ip list --scope REGION --lifetime RESERVED --compartment-id "$COMPARTMENT" --all
    PUBLIC_IP="$(oci_tagged_id)"
    if [[ -z "$PUBLIC_IP" ]]; then
        changing "reserved public address" || return 0
        oci_call "reserving an address" network public-ip create --compartment-id "$COMPARTMENT" --lifetime RESERVED \
            --display-name "$NAME" --freeform-tags "$(oci_tags)"
        PUBLIC_IP="$(oci_field data.id)"
    fi
    [[ -n "$PRIVATE_IP" ]] || return 0
    oci_call "reading the reserved address" network public-ip get --public-ip-id "$PUBLIC_IP"
    ADDRESS="$(oci_field data.ip-address)"
    assigned="$(oci_field data.private-ip-id)"
    [[ "$assigned" != "$PRIVATE_IP" ]] || return 0
    changing "point $ADDRESS to the machine" || return 0
    oci_call "pointing the address to the machine" network public-ip update --public-ip-id "$PUBLIC_IP" --private-ip-id "$PRIVATE_IP"
}

ensure_bucket() {
    oci_call "asking for the storage's namespace" os ns get
    NAMESPACE="$(oci_field data)"
    if ! oci_try os bucket get --namespace-name "$NAMESPACE" --bucket-name "$BUCKET"; then
        [[ "$OCI_ERROR_CODE" == *NotFound* ]] || oci_fail "reading the bucket $BUCKET"
        changing "bucket $BUCKET" || return 0
        oci_call "making the bucket" os bucket create --namespace-name "$NAMESPACE" --name "$BUCKET" \
            --compartment-id "$COMPARTMENT" --public-access-type NoPublicAccess --freeform-tags "$(oci_tags)"
    elif [[ "$(oci_field data.public-access-type)" != NoPublicAccess ]]; then
        changing "close the bucket $BUCKET to the public" || return 0
        oci_call "closing the bucket" os bucket update --namespace-name "$NAMESPACE" --bucket-name "$BUCKET" --public-access-type NoPublicAccess
    fi
    ensure_bucket_lifecycle
}

# Uploads that were broken off are paid for until someone aborts them; the storage's service needs a policy to do so.
ensure_bucket_lifecycle() {
    local rule='[{"name": "abort-uploads", "action": "ABORT", "target": "multipart-uploads", "timeAmount": 7, "timeUnit": "DAYS", "isEnabled": true}]'
    oci_call "listing policies" iam policy list --compartment-id "$COMPARTMENT" --all
    if [[ -z "$(oci_tagged_id)" ]] && changing "policy that lets the storage abort uploads after 7 days"; then
        oci_call "making the policy" iam policy create --compartment-id "$COMPARTMENT" --name "$NAME-storage-lifecycle" \
            --description "Lets the object storage abort uploads that were broken off" --freeform-tags "$(oci_tags)" --statements \
            "[\"Allow service objectstorage-$OCI_REGION to manage object-family in compartment id $COMPARTMENT\"]"
    fi
    if oci_try os object-lifecycle-policy get --namespace-name "$NAMESPACE" --bucket-name "$BUCKET"; then
        [[ "$OCI_ANSWER" != *'"abort-uploads"'* ]] || return 0
    fi
    changing "abort broken uploads after 7 days" || return 0
    oci_wait "the policy to hold" 120 oci_try os object-lifecycle-policy put --namespace-name "$NAMESPACE" \
        --bucket-name "$BUCKET" --force --items "$rule" || oci_fail "setting the bucket's lifecycle"
}

# The key pair for the S3 interface. Oracle shows the secret once, so that it is kept here, for its owner alone. Which keys there were before is
# kept until then: a user has two at most, and one whose secret died with a run that was broken off is of no use to anyone.
ensure_secret_key() {
    local id
    oci_call "listing secret keys" iam customer-secret-key list --user-id "$OCI_USER" --all
    id="$(kept_key_id)"
    if [[ -n "$id" && "$OCI_ANSWER" == *"\"$id\""* ]]; then
        rm -f "$OUTCOME/keys-before"
        return 0
    fi
    changing "customer secret key (kept in $OUTCOME/s3.env)" || return 0
    if [[ -e "$OUTCOME/keys-before" ]]; then
        remove_lost_keys
    else
        oci_key_ids | install_file "$OUTCOME/keys-before" 600
    fi
    oci_try iam customer-secret-key create --user-id "$OCI_USER" --display-name "$NAME" || secret_key_refused
    (
        umask 077
        printf 'S3_ACCESS_KEY=%s\nS3_SECRET_KEY=%s\n' "$(oci_field data.id)" "$(oci_field data.key)" | install_file "$OUTCOME/s3.env" 600
    )
    rm -f "$OUTCOME/keys-before"
}

# The id of the key that was kept, empty when there is none.
kept_key_id() {
    sed -n 's/^S3_ACCESS_KEY=//p' "$OUTCOME/s3.env" 2>/dev/null || true # there is no file at first
}

# The ids of the keys of this name in the last listing, a line each.
oci_key_ids() {
    python3 -c '
import json, sys
for key in (json.loads(sys.argv[1] or "{}") or {}).get("data", []):
    if key.get("display-name") == sys.argv[2]:
        print(key["id"])' "$OCI_ANSWER" "$NAME"
}

# The same of those that a run made and could not keep: they were not there before it.
lost_key_ids() {
    [[ ! -e "$OUTCOME/keys-before" ]] || oci_key_ids | grep -vxFf "$OUTCOME/keys-before" || true # there may be none
}

remove_lost_keys() {
    local id
    for id in $(lost_key_ids); do
        changing "a secret key whose secret nobody has, removed"
        oci_call "removing a secret key" iam customer-secret-key delete --user-id "$OCI_USER" --customer-secret-key-id "$id" --force
    done
}

secret_key_refused() {
    [[ "$OCI_ERROR_CODE" != LimitExceeded ]] || fail "making a customer secret key" "$(oci_last_error)" \
        "remove one that nothing uses (console: My profile, Customer secret keys), then run this again"
    oci_fail "making a customer secret key"
}

# New keys are known everywhere only after a while: asks for the bucket by them until it is shown.
wait_for_secret_key() {
    [[ "$CHECK_ONLY" == 0 ]] || return 0
    oci_wait "Oracle to accept the new key" 600 secret_key_works ||
        fail "the customer secret key is not accepted" "$S3_ANSWER from $(storage_endpoint)" "run this again in some minutes; if it stays so, delete the key in the console and run this again"
}

# Secrets reach curl by standard input, where no process list shows them.
secret_key_works() {
    local access secret
    access="$(kept_key_id)"
    secret="$(sed -n 's/^S3_SECRET_KEY=//p' "$OUTCOME/s3.env")"
    S3_ANSWER="$(printf 'user = "%s:%s"\n' "$access" "$secret" | curl -sS -o /dev/null -w '%{http_code}' --max-time 20 --config - \
        --aws-sigv4 "aws:amz:$OCI_REGION:s3" --head "$(storage_endpoint)/$BUCKET" 2>&1)" || return 1
    [[ "$S3_ANSWER" == 200 ]]
}

# Only this spelling makes LiveKit's uploads choose what Oracle understands.
storage_endpoint() {
    printf '%s' "${OCI_S3_ENDPOINT:-https://$NAMESPACE.compat.objectstorage.$OCI_REGION.oraclecloud.com}"
}
