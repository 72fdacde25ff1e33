# shellcheck shell=bash
# What provision-oci and destroy-oci share: their files, the client's configuration, problems gathered and told at once.

LIB="$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=problems.sh
source "$LIB/problems.sh"
# shellcheck source=oci.sh
source "$LIB/oci.sh"
# shellcheck source=oci-network.sh
source "$LIB/oci-network.sh"
# shellcheck source=oci-host.sh
source "$LIB/oci-host.sh"

oci_usage_error() {
    printf '%s: %s\n\n' "$(basename "$0")" "$1" >&2
    usage >&2
    exit 2
}

oci_last_error() {
    printf '%s' "${OCI_ERROR_CODE:+$OCI_ERROR_CODE: }${OCI_ERROR_MESSAGE:-$OCI_ERROR_TEXT}"
}

# Finds the client and what its profile says. False, with a problem, when calls can't work.
oci_check_client() {
    local version file="${OCI_CLI_CONFIG_FILE:-$HOME/.oci/config}"
    if ! have oci; then
        problem "Oracle's command line client is missing: python3 -m venv ~/oci && ~/oci/bin/pip install oci-cli, and ~/oci/bin on PATH"
        return 1
    fi
    version="$(oci --version 2>/dev/null | tail -n 1)"
    version_at_least "${version:-0}" "$OCI_CLIENT_MINIMUM" || problem "oci $version is older than $OCI_CLIENT_MINIMUM: pip install --upgrade oci-cli"
    if [[ ! -r "$file" ]]; then
        problem "$file is missing: oci setup config (docs/oracle-cloud.md tells how to get the API key)"
        return 1
    fi
    OCI_TENANCY="$(oci_profile_value "$file" tenancy)"
    OCI_USER="$(oci_profile_value "$file" user)"
    OCI_REGION="${OCI_REGION:-$(oci_profile_value "$file" region)}"
    if [[ -z "$OCI_TENANCY" || -z "$OCI_USER" || -z "$OCI_REGION" ]]; then
        problem "the profile $OCI_PROFILE in $file has no tenancy, user or region: oci setup config"
        return 1
    fi
}

# A value of the profile, else of the profile DEFAULT, as the client reads it.
oci_profile_value() {
    python3 -c '
import configparser, sys
file = configparser.ConfigParser(interpolation=None)
file.read(sys.argv[1])
name = sys.argv[2] if sys.argv[2] in file else "DEFAULT"
print(file[name].get(sys.argv[3], "") if name in file or name == "DEFAULT" else "")' "$1" "$OCI_PROFILE" "$2"
}

# Sets COMPARTMENT to ours when there is one and none was named.
oci_find_compartment() {
    [[ -z "$COMPARTMENT" ]] || return 0
    oci_call "listing compartments" iam compartment list --compartment-id "$OCI_TENANCY" --all
    COMPARTMENT="$(oci_tagged_id)"
}
