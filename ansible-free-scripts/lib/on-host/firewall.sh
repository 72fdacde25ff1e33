# shellcheck shell=bash
# The host's own firewall: what packaging/ports opens, put before the rule that refuses the rest. Nothing is flushed, and no other
# rule is changed. New rules hold for two minutes, unless firewall_keep is called by a connection that they let in.

FIREWALL_FOLDER=/run/livekit-conference-firewall
FIREWALL_UNIT=livekit-conference-firewall-revert
# Ours are known by this comment.
FIREWALL_MARK=livekit-conference

# Reads what iptables-save has written, prints it with RULES (lines) instead of those of ours that were there: before the first rule of
# INPUT that refuses everything, else as the last of INPUT. SSH_PORT is left to RULES: a rule that lets everyone in there goes. Without
# SSH_PORT it stays. firewall_insert RULES SSH_PORT
firewall_insert() {
    RULES="$1" awk -v mark="$FIREWALL_MARK" -v ssh="$2" '
        function put() { if (!done) printf "%s", ENVIRON["RULES"]; done = 1 }
        BEGIN { if (ENVIRON["RULES"] != "" && ENVIRON["RULES"] !~ /\n$/) ENVIRON["RULES"] = ENVIRON["RULES"] "\n" }
        /^\*/ { table = $0 }
        table == "*filter" && $0 ~ "^-A INPUT .*--comment \"?" mark "\"?( |$)" { next }
        ssh != "" && table == "*filter" && $0 ~ "^-A INPUT -p tcp (-m (state --state|conntrack --ctstate) NEW )?(-m tcp )?--dport " ssh " -j ACCEPT$" { next }
        table == "*filter" && /^-A INPUT (-m comment --comment ("[^"]*"|[^ ]+) )?-j (REJECT|DROP)/ { put() }
        table == "*filter" && /^-A/ && !/^-A INPUT/ && seen { put() }
        table == "*filter" && /^-A INPUT/ { seen = 1 }
        table == "*filter" && /^COMMIT/ { put() }
        { print }'
}

# A whole set for a host that has none: firewall_new 4|6
firewall_new() {
    local icmp=icmp reject=icmp-host-prohibited
    if [[ "$1" == 6 ]]; then icmp=ipv6-icmp reject=icmp6-adm-prohibited; fi
    cat <<R
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p $icmp -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -j REJECT --reject-with $reject
COMMIT
R
}

firewall_command() {
    if [[ "$1" == 4 ]]; then printf 'iptables'; else printf 'ip6tables'; fi
}

# What else may be in charge of packets here; empty when nothing is.
firewall_other() {
    local unit
    for unit in ufw firewalld; do
        if systemctl --quiet is-active "$unit" 2>/dev/null && { [[ "$unit" != ufw ]] || ufw status | grep -q 'Status: active'; }; then
            printf '%s' "$unit"
            return 0
        fi
    done
    # Rules of nftables that iptables doesn't know.
    if command -v nft >/dev/null && nft list ruleset 2>/dev/null | grep -q 'hook input' &&
        ! iptables-save 2>/dev/null | grep -q '^-A INPUT' && ! systemctl --quiet is-enabled netfilter-persistent 2>/dev/null; then
        printf 'nftables'
    fi
}

# Writes the rule sets that are wanted into FIREWALL_FOLDER: file.N for /etc/iptables, running.N for now; true when one differs from what
# is there. RULES_4 and RULES_6 are ours, SSH_PORT is that of firewall_insert.
firewall_plan() {
    local family command rules differs=1
    rm -rf "$FIREWALL_FOLDER"
    mkdir -m 700 "$FIREWALL_FOLDER"
    for family in 4 6; do
        command="$(firewall_command "$family")"
        [[ "$family" == 4 || -e /proc/net/if_inet6 ]] || continue
        rules="RULES_$family"
        "$command-save" -t filter | grep -v '^#' >"$FIREWALL_FOLDER/before.$family"
        if grep -q '^-A INPUT' "$FIREWALL_FOLDER/before.$family"; then
            cp "$FIREWALL_FOLDER/before.$family" "$FIREWALL_FOLDER/base.$family"
        else
            firewall_base "$family"
        fi
        firewall_insert "${!rules}" "$SSH_PORT" <"$FIREWALL_FOLDER/base.$family" >"$FIREWALL_FOLDER/running.$family"
        if [[ -s "/etc/iptables/rules.v$family" ]] && grep -q '^-A INPUT' "/etc/iptables/rules.v$family"; then
            firewall_insert "${!rules}" "$SSH_PORT" <"/etc/iptables/rules.v$family" >"$FIREWALL_FOLDER/file.$family"
        else
            cp "$FIREWALL_FOLDER/running.$family" "$FIREWALL_FOLDER/file.$family"
        fi
        firewall_same "$FIREWALL_FOLDER/before.$family" "$FIREWALL_FOLDER/running.$family" &&
            firewall_same "/etc/iptables/rules.v$family" "$FIREWALL_FOLDER/file.$family" || differs=0
    done
    return "$differs"
}

# Without rules in the kernel: those of the file, or a new set.
firewall_base() {
    if [[ -s "/etc/iptables/rules.v$1" ]] && grep -q '^-A INPUT' "/etc/iptables/rules.v$1"; then
        sed -n '/^\*filter/,/^COMMIT/p' "/etc/iptables/rules.v$1" >"$FIREWALL_FOLDER/base.$1"
    else
        firewall_new "$1" >"$FIREWALL_FOLDER/base.$1"
    fi
}

# Whether two sets have the same rules; counters don't count.
firewall_same() {
    diff -q <(sed 's/ \[[0-9]*:[0-9]*\]$//; /^#/d' "$1" 2>/dev/null) <(sed 's/ \[[0-9]*:[0-9]*\]$//; /^#/d' "$2") >/dev/null
}

# Lets the rules hold, with the way back armed. Prints "trial" when there is something to confirm: firewall_try SECONDS SSH_PORT RULES_4 RULES_6
firewall_try() {
    local limit="$1" other family
    # shellcheck disable=SC2034 # firewall_plan reads it by its name
    SSH_PORT="$2" RULES_4="$3" RULES_6="$4"
    systemctl --quiet is-active "$FIREWALL_UNIT.timer" &&
        refuse "another change of the firewall is on trial" "" "wait until it is over: systemctl list-timers $FIREWALL_UNIT.timer"
    other="$(firewall_other)"
    [[ -z "$other" ]] || refuse "the firewall here is $other, which this doesn't write rules for" \
        "$(sed -n 's/^-A INPUT/needed:/p' <<<"$RULES_4")" "let these in by $other yourself, then run this with --no-firewall"
    if ! command -v iptables-restore >/dev/null || ! command -v netfilter-persistent >/dev/null; then
        changing "apt-get install iptables-persistent" || return 0
        logged env DEBIAN_FRONTEND=noninteractive apt-get -q -y install iptables iptables-persistent ||
            refuse "iptables-persistent can't be installed" "$(log_end)" "see what apt says, then run this again"
    fi
    firewall_plan || { rm -rf "$FIREWALL_FOLDER"; return 0; }
    for family in 4 6; do
        [[ -e "$FIREWALL_FOLDER/running.$family" ]] || continue
        { diff <(sed 's/ \[.*//' "$FIREWALL_FOLDER/before.$family") <(sed 's/ \[.*//' "$FIREWALL_FOLDER/running.$family") || true; } |
            sed -n "s/^> -A INPUT/note IPv$family: new rule/p; s/^< -A INPUT/note IPv$family: rule goes/p"
        "$(firewall_command "$family")-restore" --test <"$FIREWALL_FOLDER/running.$family" 2>"$FIREWALL_FOLDER/error" ||
            refuse "the kernel doesn't take the rules" "$(<"$FIREWALL_FOLDER/error")" "nothing was changed; report this"
    done
    changing "rules of the firewall" || { rm -rf "$FIREWALL_FOLDER"; return 0; }
    firewall_arm "$limit"
    for family in 4 6; do
        [[ ! -e "$FIREWALL_FOLDER/running.$family" ]] ||
            "$(firewall_command "$family")-restore" --table=filter <"$FIREWALL_FOLDER/running.$family"
    done
    printf 'trial\n'
}

# The way back, which needs nobody.
firewall_arm() {
    # shellcheck disable=SC2016 # expanded when it runs
    systemd-run --quiet --unit="$FIREWALL_UNIT" --on-active="$1" --timer-property=AccuracySec=1s --property=RemainAfterExit=no \
        /bin/bash -c 'for n in 4 6; do c=iptables; [ $n = 4 ] || c=ip6tables
            [ ! -e "$0/before.$n" ] || $c-restore --table=filter <"$0/before.$n"; done; rm -rf "$0"' "$FIREWALL_FOLDER"
}

# Makes the rules stay, also after a boot.
firewall_keep() {
    local family
    systemctl --quiet is-active "$FIREWALL_UNIT.timer" || refuse "the new rules were taken back before they could be kept" "" "run this again"
    systemctl stop "$FIREWALL_UNIT.timer"
    mkdir -p /etc/iptables
    for family in 4 6; do
        [[ ! -e "$FIREWALL_FOLDER/file.$family" ]] || replace "/etc/iptables/rules.v$family" 640 <"$FIREWALL_FOLDER/file.$family" || true
    done
    logged systemctl enable netfilter-persistent.service || tell "netfilter-persistent is not enabled: the rules are gone after a boot"
    rm -rf "$FIREWALL_FOLDER"
}
