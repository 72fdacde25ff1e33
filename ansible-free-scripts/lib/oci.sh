# shellcheck shell=bash
# Calls of Oracle's command line client (oci), with its errors told in words. Sourced after common.sh; changes nothing by itself.

# Ours are found again by this tag on every resource.
OCI_TAG=livekit-conference
# What the last failed call answered.
OCI_ERROR_CODE="" OCI_ERROR_MESSAGE="" OCI_ERROR_TEXT=""

# Runs the client: oci_try ARGUMENT...   Its answer goes to OCI_ANSWER. On failure false, and OCI_ERROR_* are set.
oci_try() {
    local errors status=0
    errors="$(mktemp)"
    OCI_ANSWER="$(SUPPRESS_LABEL_WARNING=True oci --profile "$OCI_PROFILE" ${OCI_REGION:+--region "$OCI_REGION"} "$@" 2>"$errors" </dev/null)" || status=$?
    OCI_ERROR_TEXT="$(<"$errors")"
    OCI_ERROR_CODE="$(sed -n 's/^ *"code": "\(.*\)",\{0,1\}$/\1/p' "$errors" | head -n 1)"
    OCI_ERROR_MESSAGE="$(sed -n 's/^ *"message": "\(.*\)",\{0,1\}$/\1/p' "$errors" | head -n 1)"
    rm -f "$errors"
    return "$status"
}

# The same, and a failure ends the program: oci_call WHAT ARGUMENT...
oci_call() {
    local what="$1"
    shift
    oci_try "$@" || oci_fail "$what"
}

# Ends the program with what the last call answered and what that asks for.
oci_fail() {
    fail "$1" "${OCI_ERROR_CODE:+$OCI_ERROR_CODE: }${OCI_ERROR_MESSAGE:-$OCI_ERROR_TEXT}" "$(oci_advice "$OCI_ERROR_CODE")
Nothing was taken back: the same command goes on where this one stopped, and destroy-oci removes what was made."
}

# What to do about an error's CODE.
oci_advice() {
    case "$1" in
        NotAuthenticated)
            printf 'check the API key: fingerprint, user and tenancy in the profile belong together, and the clock is right (date -u)'
            ;;
        NotAuthorizedOrNotFound | NotAuthorized)
            printf 'the account of the profile may not do this here: a policy has to allow its group to manage virtual-network-family, instance-family, object-family and policies in the compartment'
            ;;
        LimitExceeded | QuotaExceeded)
            printf 'the tenancy has used up its allowance: look at "Limits, Quotas and Usage", remove what is not needed, or choose a smaller shape (--ocpus, --memory)'
            ;;
        TooManyRequests) printf 'wait a minute, Oracle limits the rate of calls' ;;
        *) printf 'see what the message says; docs/oracle-cloud.md tells the steps by hand' ;;
    esac
}

# Prints a field of the last answer, an empty line when it has none: oci_field data.0.id
oci_field() {
    python3 -c '
import json, sys
value = json.loads(sys.argv[2] or "null")
for name in sys.argv[1].split("."):
    if isinstance(value, list):
        value = value[int(name)] if int(name) < len(value) else None
    elif value is not None:
        value = value.get(name)
print("" if value is None else value if isinstance(value, str) else json.dumps(value))' "$1" "$OCI_ANSWER"
}

# The ids of what is ours in the last listing, a line each: tagged, and not on its way out; the oldest first.
oci_tagged_ids() {
    python3 -c '
import json, sys
tag, name = sys.argv[2:4]
gone = {"TERMINATED", "TERMINATING", "DELETED", "DELETING", "INACTIVE"}
rows = [row for row in (json.loads(sys.argv[1] or "{}") or {}).get("data", [])
        if (row.get("freeform-tags") or {}).get(tag) == name and row.get("lifecycle-state") not in gone]
for row in sorted(rows, key=lambda row: row.get("time-created") or ""):
    print(row["id"])' "$OCI_ANSWER" "$OCI_TAG" "$NAME"
}

# The first of them; empty when there is none.
oci_tagged_id() {
    oci_tagged_ids | sed -n 1p
}

# The tag as the client wants it.
oci_tags() {
    printf '{"%s": "%s"}' "$OCI_TAG" "$NAME"
}

# Calls COMMAND... until it answers true, with a note while it waits: oci_wait WHAT SECONDS COMMAND...   False when it never did.
oci_wait() {
    local what="$1" limit="$2" start=$SECONDS
    shift 2
    until "$@"; do
        ((SECONDS - start < limit)) || return 1
        note "waiting for $what ($((SECONDS - start)) s of at most $limit s)"
        sleep "${OCI_POLL:-5}"
    done
}
