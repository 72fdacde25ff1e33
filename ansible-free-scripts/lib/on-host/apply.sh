# shellcheck shell=bash
# Installing, upgrading, and going back. Runs in a unit of its own, so that it comes to an end when the connection is lost.

# Whether an upgrade is under way that can go back.
UPGRADING=0

# Says which of SETTINGS (text) would be changed: host_plan_settings SETTINGS
host_plan_settings() {
    local line
    while IFS= read -r line; do
        grep -qxF -- "$line" "$CONFIGURATION/livekit-conference.env" 2>/dev/null || changing "setting $line" || true # only told
    done <<<"$1"
}

# Brings the host to what is in incoming/: host_apply WHEN(refuse|wait|force|warn:MINUTES) ADMIN
host_apply() {
    local when="$1" admin="$2" wanted=() before
    # Messages to a connection that was lost don't end it.
    trap '' PIPE HUP
    trap end_of_apply EXIT
    trap 'exit 1' TERM INT
    prepare_state
    take_role
    mapfile -t wanted < <(packages_to_install)
    before="$(installed_version livekit-conference)"
    if [[ -z "$before" ]]; then
        install_anew "$admin"
    else
        bring_up_to_date "$when" "$admin"
    fi
}

# What ends an upgrade in its midst leaves nothing half done; what was sent goes in any case.
end_of_apply() {
    if [[ "$UPGRADING" == 1 ]]; then
        UPGRADING=0
        go_back "it was interrupted"
    fi
    rm -rf "$STATE/incoming/peer" "$STATE/incoming/credentials" "$STATE/incoming/settings.env" "$STATE/incoming/admin-password"
}

# There is nothing to go back to.
install_anew() {
    changing "install $(names "${wanted[@]}")"
    if ! install_packages "${wanted[@]}"; then
        refuse "the packages were not installed" "$(log_end 25)" "see what apt says; dpkg --configure -a goes on with what is half done. Then run this again"
    fi
    keep_packages
    configure || true # unchanged is fine
    ensure_tunnel
    if ! livekit-conference-check >"$STATE/check" 2>&1; then
        refuse "the configuration is not complete" "$(<"$STATE/check")" \
            "give what is missing by --settings and --secrets, and run this again; nothing was started"
    fi
    restart_units livekit-conference.target caddy.service
    serves || refuse "everything is installed, but not well" "$WRONG" "mend this, then run the same command again: it goes on from here"
    ensure_administrator "$1"
    is_well || refuse "everything is installed, but not well" "$WRONG" "mend this, then run the same command again: it goes on from here"
    tell "runs: livekit-conference $(installed_version livekit-conference)"
}

# Upgrades when there is something new; goes back when it isn't well afterwards.
bring_up_to_date() {
    local when="$1" admin="$2" was_well=1
    START_FIRST=0
    ensure_tunnel
    systemctl --quiet is-active livekit-conference.target || START_FIRST=1
    if ((${#wanted[@]} == 0)) && ! something_to_configure && [[ "$START_FIRST" == 0 ]]; then
        serves && ensure_administrator "$admin"
        is_well || refuse "nothing was to be done, but the host is not well" "$WRONG" "journalctl -u livekit-conference, on the host"
        return 0
    fi
    if is_well; then was_well=0; fi
    [[ "$was_well" == 0 || "$when" == force || "$START_FIRST" == 1 || ${#wanted[@]} == 0 ]] || refuse \
        "the host isn't well, so nobody could tell whether an upgrade is" "$WRONG" "mend this first, or run this with --force"
    WRONG=""
    check_way_back "$when"
    wait_until_empty "$when"
    SNAPSHOT=""
    ((${#wanted[@]} == 0)) || take_snapshot
    keep_configuration
    UPGRADING=$((1 - was_well))
    if ((${#wanted[@]} > 0)); then
        changing "install $(names "${wanted[@]}")"
        install_packages "${wanted[@]}" || WRONG="apt failed:"$'\n'"$(log_end 25)"
    fi
    [[ -n "$WRONG" ]] || start_and_look
    UPGRADING=0
    if [[ -n "$WRONG" && "$was_well" == 0 ]]; then
        go_back "$WRONG"
    elif [[ -n "$WRONG" ]]; then
        refuse "the host is not well after this, as it wasn't before" "$WRONG" "mend this, then run this again; ansible-free-scripts/rollback goes back"
    fi
    ((${#wanted[@]} == 0)) || keep_packages
    ensure_administrator "$admin"
    tell "runs: livekit-conference $(installed_version livekit-conference)"
}

# Configures and restarts as far as something changed; sets WRONG.
start_and_look() {
    local restart=0
    if configure; then restart=1; fi
    if ! livekit-conference-check >"$STATE/check" 2>&1; then
        WRONG="the configuration is refused:"$'\n'"$(<"$STATE/check")"
        return 0
    fi
    if [[ "$restart" == 1 || "$START_FIRST" == 1 ]]; then
        restart_units livekit-conference.target caddy.service
    elif ! api_is_current; then
        restart_units livekit-conference.service
    fi
    is_well || true # WRONG
}

# Whether configure would change something.
something_to_configure() {
    local secret
    if [[ -s "$STATE/incoming/settings.env" ]]; then
        merge_settings "$STATE/incoming/settings.env" "$CONFIGURATION/livekit-conference.env" | cmp -s - "$CONFIGURATION/livekit-conference.env" || return 0
    fi
    for secret in "$STATE"/incoming/credentials/*; do
        [[ ! -e "$secret" ]] || cmp -s "$secret" "$CONFIGURATION/credentials/${secret##*/}" || return 0
    done
    return 1
}

# Without the packages that run now, an upgrade could not go back.
check_way_back() {
    local file name lacking=()
    for file in "${wanted[@]}"; do
        name="$(package_name "$file")"
        [[ -n "$(installed_version "$name")" ]] || continue
        compgen -G "$STATE/current/${name}_*.deb" >/dev/null || lacking+=("$name")
    done
    ((${#lacking[@]} == 0)) && return 0
    [[ "$1" == force ]] || refuse "this upgrade could not go back" \
        "the packages that are installed now were not put there by deploy, so they are not kept: ${lacking[*]}" \
        "put their .deb files into $STATE/current on the host, or run this with --force"
}

# Lets an update come only when it may break off calls: wait_until_empty refuse|wait|force|warn:MINUTES
wait_until_empty() {
    local people told="" minutes="${1#warn:}" end="" warned=""
    # Requests to another backend's host go to the others meanwhile, and no media passes there.
    [[ "$CHECK_ONLY" == 0 && "$(role)" != api ]] || return 0
    while people="$(meetings_now)" && [[ -n "$people" ]]; do
        case "$1" in
            refuse) refuse "people are in meetings" "$people" "--when-empty waits until they have left, --warn MINUTES tells them and goes on then, --force goes on all the same" ;;
            force)
                tell "people are in meetings, and it goes on (--force): ${people//$'\n'/, }"
                return 0
                ;;
            warn:*)
                if [[ -n "$end" ]] && ((SECONDS >= end)); then
                    tell "they were told, and it goes on: ${people//$'\n'/, }"
                    return 0
                fi
                # The second word is for those who have come since.
                if [[ -z "$end" ]]; then
                    warn_people "$minutes"
                    end=$((SECONDS + minutes * 60)) warned="$minutes"
                elif [[ "$warned" != 1 ]] && ((SECONDS >= end - 60)); then
                    warn_people 1
                    warned=1
                fi
                ;;
        esac
        [[ "$people" == "$told" ]] || tell "waiting until they have left: ${people//$'\n'/, }"
        told="$people"
        sleep "${EMPTY_POLL:-10}"
    done
}

# Tells everyone in a meeting that it comes in MINUTES.
warn_people() {
    logged livekit-conference-run live --announce-update "$1" || refuse "people in meetings can't be told of the update" "$(log_end 5)" \
        "nothing was changed. --when-empty waits until they have left, --force goes on all the same"
    tell "everyone in a meeting is told that it comes in $1 min"
}

# What was installed becomes previous/, what is in incoming/ current/.
keep_packages() {
    rm -rf "$STATE/previous"
    mv "$STATE/current" "$STATE/previous"
    install -d -m 700 "$STATE/current"
    mv "$STATE"/incoming/*.deb "$STATE/current/"
    [[ ! -d "$STATE/configuration" ]] || mv "$STATE/configuration" "$STATE/previous/"
    printf '%s\n' "${SNAPSHOT:-}" >"$STATE/snapshot"
}

names() {
    local file text=""
    for file in "$@"; do text+="${text:+, }$(basename "$file" .deb)"; done
    printf '%s' "$text"
}

# After an upgrade that isn't well: the packages of current/, which were installed before, and the configuration as it was.
go_back() {
    local why="$1"
    tell "not well, so it goes back: ${why%%$'\n'*}"
    rm -f "$STATE"/incoming/*.deb
    if return_to "$STATE/current" "$STATE/configuration"; then
        refuse "the new version is not well; what ran before runs again" "$why" \
            "nothing has to be done on the host. Mend the cause, then deploy again"
    fi
    refuse "the new version is not well, and going back failed" "$why"$'\n'"going back: $WRONG" \
        "look at the host: systemctl list-units 'livekit*', journalctl -u livekit-conference; the database before is ${SNAPSHOT:-not kept}"
}

# Puts back CONFIGURATION and of the older packages in FOLDER those whose names are in `wanted`, and looks whether all is well: return_to
# FOLDER CONFIGURATION. Other packages stay as they are: installing LiveKit's or Caddy's again would break calls and connections off.
return_to() {
    local file older files=() units=(livekit-conference.service)
    WRONG=""
    # Media goes on where the configuration is the same, and clients wait at the API's socket, which the service brings back where it has gone.
    diff -rq "$2" "$CONFIGURATION" 2>/dev/null | grep -q '^Files' && units+=(livekit-conference.target caddy.service)
    restore_configuration "$2"
    for file in "${wanted[@]}"; do
        # What the upgrade has brought for the first time stays.
        for older in "$1/$(package_name "$file")"_*.deb; do [[ ! -e "$older" ]] || files+=("$older"); done
    done
    if ((${#files[@]} > 0)) && ! install_packages "${files[@]}"; then
        WRONG="apt failed:"$'\n'"$(log_end 25)"
        return 1
    fi
    if schema_is_refused && ! restore_snapshot; then
        WRONG="the older version can't serve the database's schema, and the snapshot ${SNAPSHOT:-(there is none)} was not restored"$'\n'"$(log_end)"
        return 1
    fi
    restart_units "${units[@]}"
    is_well
}

# By hand: what was installed before the last upgrade comes back. host_rollback WHEN
host_rollback() {
    trap '' PIPE HUP
    prepare_state
    compgen -G "$STATE/previous/*.deb" >/dev/null ||
        refuse "there is nothing to go back to" "$STATE/previous on the host has no packages: there was no upgrade by deploy, or it was taken back already"
    wait_until_empty "$1"
    SNAPSHOT="$(cat "$STATE/snapshot" 2>/dev/null || true)" # none was taken
    local file wanted=()
    for file in "$STATE"/previous/*.deb; do
        cmp -s "$file" "$STATE/current/${file##*/}" || wanted+=("$file")
    done
    changing "install $(names "${wanted[@]}")" || return 0
    return_to "$STATE/previous" "$STATE/previous/configuration" || refuse "the version before is installed, but not well" "$WRONG" \
        "journalctl -u livekit-conference, on the host; deploying the newer packages again brings those back"
    rm -rf "$STATE/current"
    mv "$STATE/previous" "$STATE/current"
    rm -rf "$STATE/current/configuration"
    tell "runs: livekit-conference $(installed_version livekit-conference)"
}
