# shellcheck shell=bash
# The network of a host at Oracle: VCN, gateway, route, subnet, security group. Each function finds what is there by its tag, makes what is
# missing and repairs what differs. Sourced after oci.sh and port-list.sh.
# shellcheck disable=SC2153 # NAME is the deployment's

VCN_RANGE=10.20.0.0/16
SUBNET_RANGE=10.20.0.0/24

# Finds or makes a network resource: oci_network_resource VARIABLE KIND TITLE CREATE_OPTION...   Its id goes to VARIABLE.
oci_network_resource() {
    local -n found="$1"
    local kind="$2" title="$3"
    shift 3
    oci_call "listing: $title" network "$kind" list --compartment-id "$COMPARTMENT" --all
    found="$(oci_tagged_id)"
    [[ -z "$found" ]] || return 0
    changing "$title" || return 0
    oci_call "$title" network "$kind" create --compartment-id "$COMPARTMENT" --display-name "$NAME" \
        --freeform-tags "$(oci_tags)" "$@"
    found="$(oci_field data.id)"
    oci_wait "$title" 120 oci_is_available "$kind" "$found" || fail "$title" "it is not AVAILABLE after 120 s" "run this again"
}

# Whether a network resource is AVAILABLE: oci_is_available KIND ID
oci_is_available() {
    local option="--$1-id"
    [[ "$1" != internet-gateway ]] || option=--ig-id
    oci_try network "$1" get "$option" "$2" && [[ "$(oci_field data.lifecycle-state)" == AVAILABLE ]]
}

ensure_vcn() {
    oci_network_resource VCN vcn "virtual network $VCN_RANGE" --cidr-block "$VCN_RANGE" --dns-label "${OCI_DNS_LABEL}"
    [[ -n "$VCN" ]] || return 0
    oci_call "reading the virtual network" network vcn get --vcn-id "$VCN"
    ROUTE_TABLE="$(oci_field data.default-route-table-id)"
    SECURITY_LIST="$(oci_field data.default-security-list-id)"
}

ensure_gateway() {
    oci_network_resource GATEWAY internet-gateway "internet gateway" --vcn-id "$VCN" --is-enabled true
}

# Everything that isn't for the network itself goes to the gateway.
ensure_route() {
    [[ -n "$VCN" && -n "$GATEWAY" ]] || return 0
    oci_call "reading the routes" network route-table get --rt-id "$ROUTE_TABLE"
    [[ "$(oci_field data.route-rules)" != *"\"$GATEWAY\""* ]] || return 0
    changing "route 0.0.0.0/0 through the gateway" || return 0
    oci_call "setting the route" network route-table update --rt-id "$ROUTE_TABLE" --force --route-rules \
        "[{\"destination\": \"0.0.0.0/0\", \"destinationType\": \"CIDR_BLOCK\", \"networkEntityId\": \"$GATEWAY\"}]"
}

# The network's default list lets the whole world in to SSH. Lists and groups add up, so the list has to let nothing in.
ensure_security_list() {
    [[ -n "$VCN" ]] || return 0
    oci_call "reading the security list" network security-list get --security-list-id "$SECURITY_LIST"
    [[ "$(oci_field data.ingress-security-rules)" != "[]" ]] || return 0
    changing "empty the default security list, which lets everyone in to SSH" || return 0
    oci_call "emptying the default security list" network security-list update --security-list-id "$SECURITY_LIST" --force \
        --ingress-security-rules '[]' --egress-security-rules '[{"destination": "0.0.0.0/0", "protocol": "all"}]'
}

ensure_subnet() {
    oci_network_resource SUBNET subnet "subnet $SUBNET_RANGE" --vcn-id "$VCN" --cidr-block "$SUBNET_RANGE" --dns-label hosts
}

ensure_security_group() {
    oci_network_resource GROUP nsg "security group" --vcn-id "$VCN"
    security_rules_wanted >"$WORK/rules.wanted"
    printf '{"data": []}' >"$WORK/rules.present"
    if [[ -n "$GROUP" ]]; then
        oci_call "reading the rules" network nsg rules list --nsg-id "$GROUP" --all
        printf '%s' "${OCI_ANSWER:-"{\"data\": []}"}" >"$WORK/rules.present"
    fi
    security_rules_compare
}

# Rows "protocol first last source name" that the port list asks for.
security_rules_wanted() {
    local name protocol first last from _rest network kinds=(any admin peer)
    [[ "$OPEN_PORT_80" == 0 ]] || kinds+=(option)
    while IFS=$'\t' read -r name protocol first last from _rest; do
        if [[ "$from" == admin ]]; then
            for network in "${SSH_FROM[@]}"; do
                printf '%s %s %s %s %s\n' "$protocol" "$first" "$last" "$network" "$name"
            done
        elif [[ "$from" == peer ]]; then
            for network in "${PEER_NETWORKS[@]}"; do
                printf '%s %s %s %s %s\n' "$protocol" "$first" "$last" "$network" "$name"
            done
        else
            printf '%s %s %s 0.0.0.0/0 %s\n' "$protocol" "$first" "$last" "$name"
        fi
    done < <(port_list "${kinds[@]}")
}

# Adds what is missing in the group and removes what isn't wanted.
security_rules_compare() {
    python3 - "$WORK" <<'P'
import json, sys
work = sys.argv[1]
number = {"tcp": "6", "udp": "17"}
option = {"6": "tcp-options", "17": "udp-options"}
wanted = {}
for line in open(f"{work}/rules.wanted"):
    protocol, first, last, source, name = line.split()
    wanted[(number[protocol], int(first), int(last), source)] = name
surplus, seen = [], set()
for rule in json.load(open(f"{work}/rules.present"))["data"]:
    if rule["direction"] != "INGRESS":
        continue
    ports = (rule.get(option.get(rule["protocol"], "")) or {}).get("destination-port-range") or {}
    key = (rule["protocol"], ports.get("min"), ports.get("max"), rule.get("source"))
    if key in wanted and key not in seen and not rule.get("is-stateless"):
        seen.add(key)
    else:
        surplus.append(rule["id"])
missing = [
    {"direction": "INGRESS", "protocol": key[0], "source": key[3], "sourceType": "CIDR_BLOCK", "isStateless": False, "description": name,
     ("tcpOptions" if key[0] == "6" else "udpOptions"): {"destinationPortRange": {"min": key[1], "max": key[2]}}}
    for key, name in wanted.items() if key not in seen]
json.dump(missing, open(f"{work}/rules.missing", "w"))
json.dump(surplus, open(f"{work}/rules.surplus", "w"))
P
    if [[ "$(<"$WORK/rules.missing")" != "[]" ]] && changing "let in: $(security_rules_names)"; then
        oci_call "adding rules" network nsg rules add --nsg-id "$GROUP" --security-rules "file://$WORK/rules.missing"
    fi
    if [[ "$(<"$WORK/rules.surplus")" != "[]" ]] && changing "remove rules that $PORT_LIST does not ask for"; then
        oci_call "removing rules" network nsg rules remove --nsg-id "$GROUP" --security-rule-ids "file://$WORK/rules.surplus"
    fi
}

security_rules_names() {
    python3 -c 'import json, sys; print(", ".join(r["description"] + " from " + r["source"] for r in json.load(open(sys.argv[1]))))' \
        "$WORK/rules.missing"
}
