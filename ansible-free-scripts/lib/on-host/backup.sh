# shellcheck shell=bash
# Backups, for the front doors backup and restore.

BACKUP_TOOLS=/usr/lib/livekit-conference-host
RECIPIENT=/etc/livekit-conference/backup.recipient

require_backup_tools() {
    if [[ ! -x "$BACKUP_TOOLS/backup" ]] || ! command -v age >/dev/null; then
        refuse "the host can't make backups" "livekit-conference-host or age is not installed there" "deploy to it first"
    fi
}

# Prints a new key of age, of which nothing stays here.
host_backup_key() {
    require_backup_tools
    age-keygen 2>/dev/null
}

# Has backups be encrypted for RECIPIENT; without one, prints that which is there.
host_backup_recipient() {
    if [[ -z "$1" ]]; then
        cat "$RECIPIENT" 2>/dev/null || true # there is none
        return 0
    fi
    [[ "$(cat "$RECIPIENT" 2>/dev/null)" != "$1" ]] || return 0
    [[ ! -e "$RECIPIENT" ]] || refuse "backups are made here for another key: $(<"$RECIPIENT")" "" \
        "name its file by --identity, or remove $RECIPIENT on the host first: older backups stay readable by the older key alone"
    changing "backups are encrypted for $1" || return 0
    printf '%s\n' "$1" | replace "$RECIPIENT" 644
}

host_backup() {
    require_backup_tools
    changing "a backup" || return 0
    logged systemctl start livekit-conference-backup.service ||
        refuse "the backup failed" "$(journalctl --no-pager --output=cat --lines=10 --unit=livekit-conference-backup)" \
            "journalctl -u livekit-conference-backup, on the host"
    [[ "$(systemctl show --property=ConditionResult --value livekit-conference-backup.service)" == yes ]] ||
        refuse "the backup was not made" "$RECIPIENT is not there" "run this again"
    journalctl --sync
    tell "$(journalctl --no-pager --output=cat --unit=livekit-conference-backup | grep '^stored ' | tail -n 1)"
}

host_restore_list() {
    require_backup_tools
    "$BACKUP_TOOLS/restore" list
}

# host_restore verify|apply NAME WHEN
host_restore() {
    local output
    trap 'rm -f /run/livekit-conference-backup.key' EXIT
    trap '' PIPE HUP
    require_backup_tools
    [[ "$1" == verify ]] || wait_until_empty "$3"
    if ! output="$("$BACKUP_TOOLS/restore" "$1" "$2" /run/livekit-conference-backup.key 2>&1 </dev/null)"; then
        refuse "the restore failed" "${output//<3>/}" "what was there is still there, unless it says otherwise"
    fi
    prefixed note "$output"
    [[ "$1" == apply ]] || return 0
    changing "the database"
    is_well || refuse "the database is restored, but the host is not well" "$WRONG" \
        "the database that was there stays under the name above; journalctl -u livekit-conference, on the host"
}
