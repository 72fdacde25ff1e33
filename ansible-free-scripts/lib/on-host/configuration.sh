# shellcheck shell=bash
# The configuration: settings given to deploy take the place of the same ones in the host's file, all others stay.

# Prints the settings in FILE with those of GIVEN (NAME=value lines) in place of theirs.
merge_settings() {
    awk '
        NR == FNR { if ($0 ~ /^[A-Z0-9_]+=/) { name = $0; sub(/=.*/, "", name); given[name] = $0; order[++count] = name }; next }
        { name = $0; sub(/=.*/, "", name) }
        $0 ~ /^[A-Z0-9_]+=/ && name in given { if (!(name in put)) print given[name]; put[name] = 1; next }
        { print }
        END { for (i = 1; i <= count; i++) if (!(order[i] in put)) { print given[order[i]]; put[order[i]] = 1 } }
    ' "$1" "$2"
}

# Writes what was sent to incoming/ into place; true when something changed.
configure() {
    local file="$CONFIGURATION/livekit-conference.env" secret changed=1
    if [[ -s "$STATE/incoming/settings.env" ]]; then
        if [[ "$CHECK_ONLY" == 1 && ! -e "$file" ]]; then
            changing "write $file" || return 0
        fi
        merge_settings "$STATE/incoming/settings.env" "$file" >"$STATE/incoming/merged.env"
        if ! cmp -s "$STATE/incoming/merged.env" "$file"; then
            changing_settings "$file" "$STATE/incoming/merged.env"
            replace "$file" 600 <"$STATE/incoming/merged.env" && changed=0
        fi
        rm -f "$STATE/incoming/merged.env"
    fi
    for secret in "$STATE"/incoming/credentials/*; do
        [[ -e "$secret" ]] || continue
        replace "$CONFIGURATION/credentials/${secret##*/}" 600 <"$secret" || continue
        changing "secret ${secret##*/}"
        changed=0
    done
    return "$changed"
}

# Names the settings that differ. None of them is a secret.
changing_settings() {
    local line
    while IFS= read -r line; do changing "setting $line"; done < <(diff "$1" "$2" | sed -n 's/^> \([A-Z0-9_]*=.*\)/\1/p')
}

# The configuration as it was, for the way back: keep_configuration, restore_configuration FOLDER
keep_configuration() {
    rm -rf "$STATE/configuration"
    install -d -m 700 "$STATE/configuration"
    [[ ! -e "$CONFIGURATION/livekit-conference.env" ]] || cp -a "$CONFIGURATION/livekit-conference.env" "$CONFIGURATION/credentials" "$STATE/configuration/"
}

restore_configuration() {
    [[ -e "$1/livekit-conference.env" ]] || return 0
    # Not the folder itself: it is open to those whose files are in it, and the copy isn't.
    cp -a "$1/livekit-conference.env" "$1/credentials" "$CONFIGURATION/"
}

# The first administrator, when there is none and one was asked for; the password is in incoming/, not in an argument.
ensure_administrator() {
    local email="$1" password="$STATE/incoming/admin-password" known
    [[ -n "$email" ]] || return 0
    known="$(database_query "SELECT count(*) FROM accounts WHERE role = 'admin'")"
    if [[ "$known" == 0 ]]; then
        [[ -s "$password" ]] || refuse "there is no administrator, and no password for $email was given" "" \
            "run this again with --admin-password FILE"
        changing "administrator $email"
        livekit-conference-run user add --email "$email" --admin --password-file - <"$password" >>"$LOG" 2>&1 ||
            refuse "the administrator $email was not made" "$(log_end)" "livekit-conference-run user add --email $email --admin, on the host"
    fi
    rm -f "$password"
}
