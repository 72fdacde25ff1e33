# shellcheck shell=bash
# The database, where it is this host's own. One elsewhere is backed up by whoever runs it.

DATABASE=livekit_conference

database_is_here() {
    grep -q 'host=/run/postgresql' "$CONFIGURATION/credentials/database_url" 2>/dev/null
}

as_postgres() {
    (cd / && runuser -u postgres -- "$@")
}

# Prints what SQL answers; false when the database is elsewhere or doesn't answer.
database_query() {
    database_is_here && as_postgres psql --no-psqlrc -At --dbname="$DATABASE" --command="$1" 2>/dev/null
}

# Who is in a meeting now: "TITLE: N people" a line. Where the database is elsewhere, the program asks it, in versions that do.
meetings_now() {
    if ! database_is_here; then
        livekit-conference-run live 2>>"$LOG" </dev/null || true # unknown
        return 0
    fi
    database_query "SELECT format('%s: %s people', meetings.title, count(*)) FROM participants JOIN meetings ON meetings.id = meeting_id
        WHERE connected_at IS NOT NULL AND left_at IS NULL GROUP BY meetings.id, meetings.title ORDER BY meetings.id" || true # unknown
}

# Dumps the database into snapshots/, keeps the newest three, and sets SNAPSHOT.
take_snapshot() {
    local free size
    SNAPSHOT=""
    if ! database_is_here; then
        tell "the database is not on this host: no snapshot is taken of it"
        return 0
    fi
    size="$(database_query "SELECT pg_database_size(current_database()) / 1048576")" ||
        refuse "the database can't be asked" "" "see: systemctl status postgresql@18-main"
    free="$(df --output=avail -m "$STATE" | tail -n 1)"
    ((free > size + 200)) || refuse "no room for a snapshot of the database" "$size MiB are needed, $free are free" "make room in /var"
    SNAPSHOT="$STATE/snapshots/$(date --utc +%Y%m%dT%H%M%SZ).dump"
    as_postgres pg_dump --format=custom "$DATABASE" 2>>"$LOG" >"$SNAPSHOT.part" ||
        refuse "the snapshot of the database failed" "$(log_end)" "nothing was changed; see: systemctl status postgresql@18-main"
    mv "$SNAPSHOT.part" "$SNAPSHOT"
    tell "snapshot of the database: $SNAPSHOT"
    find "$STATE/snapshots" -name '*.dump' | sort -r | tail -n +4 | xargs -r rm -f --
}

# Whether the installed program says that the schema is too new for it. A database that doesn't answer is another matter.
schema_is_refused() {
    local output
    output="$(livekit-conference-run migrate 2>&1 </dev/null)" && return 1
    printf '%s\n' "$output" >>"$LOG"
    [[ "$output" == *"can't serve"* ]]
}

# Puts SNAPSHOT in the database's place. What was there stays beside it under another name.
restore_snapshot() {
    local aside
    aside="${DATABASE}_$(date --utc +%Y%m%d%H%M%S)"
    [[ -n "${SNAPSHOT:-}" && -e "$SNAPSHOT" ]] || return 1
    systemctl stop livekit-conference.socket livekit-conference.service
    as_postgres psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres >>"$LOG" 2>&1 <<S || return 1
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$DATABASE';
ALTER DATABASE $DATABASE RENAME TO $aside;
CREATE DATABASE $DATABASE OWNER "livekit-conference" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE $DATABASE FROM PUBLIC;
S
    as_postgres pg_restore --exit-on-error --dbname="$DATABASE" <"$SNAPSHOT" >>"$LOG" 2>&1 || return 1
    tell "the database is as it was before the upgrade; what it became stays as $aside"
}
