# shellcheck shell=bash
# shellcheck disable=SC2153 # RATE, MEETING and others are set by bench and bench.sh
# For the benchmark: what is measured, one function each. Sourced, never run. Uses bench.sh.

measure_health() {
    local ours="" limit="" cpu="" p99="" round
    start_bare /health/live
    for ((round = 0; round < ROUNDS; round++)); do
        load 64 "http://127.0.0.1:$BARE_PORT/health/live"
        limit="$(best "$limit" "$RATE")"
        load 64 "$URL/health/live"
        if [[ "$(best "$ours" "$RATE")" == "$RATE" ]]; then ours="$RATE" cpu="$CPU" p99="$P99"; fi
    done
    process_stop bare 5
    compare "health, beside bare C" "req/s" "$ours" "$limit" 0.9
    figure "health, p99" "$p99" ms - - - -
    figure "health, CPU time a request" "$cpu" us - - - -
}

measure_read() {
    local columns ours="" limit="" bare="" cpu="" p99="" round
    columns="id, join_code, owner_id, title, kind, state, scheduled_start, scheduled_end, started_at, ended_at, passcode_hash,"
    columns+=" lobby, locked, capacity, screen_share, chat, record, draw, created_at, updated_at, version"
    printf "SELECT %s FROM meetings WHERE id = '%s';\n" "$columns" "$MEETING" >"$FOLDER/read.sql"
    # As many connections as the API has.
    BENCH_SQL="SELECT $columns FROM meetings WHERE id = \$1" BENCH_ID="$MEETING" BENCH_LINKS="$(calculate "8 / $(nproc)")" \
        start_bare "/api/v1/meetings/$MEETING" -H "Cookie: $COOKIE"
    export BENCH_COOKIE="$COOKIE"
    for ((round = 0; round < ROUNDS; round++)); do
        pgbench_load 16 -f "$FOLDER/read.sql"
        limit="$(best "$limit" "$RATE")"
        load 32 "http://127.0.0.1:$BARE_PORT/"
        bare="$(best "$bare" "$RATE")"
        load 32 "$URL/api/v1/meetings/$MEETING"
        if [[ "$(best "$ours" "$RATE")" == "$RATE" ]]; then ours="$RATE" cpu="$CPU" p99="$P99"; fi
    done
    unset BENCH_COOKIE
    process_stop bare 5
    compare "meeting read, beside pgbench" "req/s" "$ours" "$limit" 0.7
    figure "meeting read, beside bare C" "$ours" req/s "$bare" "$(calculate "$ours / $bare" 2)" - -
    figure "meeting read, p99" "$p99" ms - - - -
    figure "meeting read, CPU time a request" "$cpu" us - - - -
}

# The limit is what a join does to the database, one transaction each: the meeting is locked, the participant written.
measure_join() {
    local ours="" limit="" limit_p99="" cpu="" p50="" p99="" round
    write_join_script >"$FOLDER/join.sql"
    export BENCH_METHOD=POST BENCH_BODY='{"displayName":"Guest"}' BENCH_PATHS
    BENCH_PATHS="$(IFS=,; printf '%s' "${JOIN_PATHS[*]}")"
    for ((round = 0; round < ROUNDS; round++)); do
        pgbench_load 32 -f "$FOLDER/join.sql"
        if [[ "$(best "$limit" "$RATE")" == "$RATE" ]]; then limit="$RATE" limit_p99="$P99"; fi
        load 32 "$URL"
        if [[ "$(best "$ours" "$RATE")" == "$RATE" ]]; then ours="$RATE" cpu="$CPU" p50="$P50" p99="$P99"; fi
    done
    figure "join, $MEETINGS meetings, 32 connections" "$ours" req/s "$limit" "$(calculate "$ours / $limit" 2)" - -
    figure "join, p50" "$p50" ms - - - -
    bound "join, p99" ms "$p99" 10 "$limit_p99"
    figure "join, CPU time a request" "$cpu" us - - - -
    BENCH_PATHS="${JOIN_PATHS[0]}"
    load 32 "$URL"
    figure "join, all in one meeting" "$RATE" req/s - - - -
    figure "join, all in one meeting, p99" "$P99" ms - - - -
    unset BENCH_METHOD BENCH_BODY BENCH_PATHS
}

# One meeting by chance of those that are joined.
write_join_script() {
    local codes
    codes="$(IFS=,; printf '%s' "${JOIN_PATHS[*]##*/}")"
    printf '\\set meeting random(1, %s)\n' "$MEETINGS"
    tr '\n' ' ' <<Q
WITH door AS (
    SELECT * FROM meetings
    WHERE join_code = ('{$codes}'::text[])[:meeting] AND state = 'live' AND capacity IS NULL FOR SHARE
), entered AS (
    INSERT INTO participants (id, meeting_id, role, display_name, joined_at, admitted_at, seat_held_until)
    SELECT uuidv7(), id, 'guest', 'Guest', now(), now(), now() + interval '10 minutes' FROM door
    RETURNING role, admitted_at
)
SELECT door.*, entered.* FROM door, entered;
Q
}

measure_redis() {
    local depth ours limit rate round
    for depth in 1 16 64; do
        ours="" limit=""
        for ((round = 0; round < ROUNDS; round++)); do
            # It knows no limit of time, so the count is one for about that long.
            rate="$(timeout 120 redis-benchmark -h 127.0.0.1 -p "$REDIS_PORT" -t get -c 1 -P "$depth" --csv \
                -n $((SECONDS_A_STEP * (depth == 1 ? 10000 : depth * 6000))) | sed -n 's/^"GET","\([0-9]*\).*/\1/p')" ||
                fail "redis-benchmark did not end in two minutes" "" "see what else runs on this machine"
            [[ -n "$rate" ]] || fail "redis-benchmark gave no figure" "" "see what else runs on this machine"
            limit="$(best "$limit" "$rate")"
            rate="$(REDIS_URL="redis://127.0.0.1:$REDIS_PORT/0" timeout 60 "$REDIS_BENCH" "$depth" "$SECONDS_A_STEP")" ||
                fail "the Redis client's benchmark failed" "" "REDIS_URL=... $REDIS_BENCH $depth 5 and see what it says"
            ours="$(best "$ours" "$rate")"
        done
        compare "Redis GET, pipeline of $depth" "cmd/s" "$ours" "$limit" 0.8
    done
}

# How long a chat message takes to reach every listener of a meeting, and what the listeners cost other requests meanwhile. The
# limit is a server in C that sends the same bytes to as many, on as many threads, and does nothing else.
measure_events() {
    local count alone beside bare=()
    for count in 1000 5000; do
        load 64 "$URL/health/live"
        alone="$RATE"
        BARE_PORT="$(port_random_free)"
        process_start bare "$LOG_FOLDER/bare.log" "$FOLDER/bare-fanout" "$BARE_PORT" "$(nproc)"
        process_wait bare 5 "$LOG_FOLDER/bare.log" curl -fsS -X POST -o /dev/null "http://127.0.0.1:$BARE_PORT/"
        listen "$BARE_PORT" "$count"
        bare=("$P50" "$P99" "$READ_P99")
        process_stop listeners 5
        process_stop bare 5
        listen "$API_PORT" "$count"
        figure "event to $count listeners, p50" "$P50" ms "${bare[0]}" - - -
        bound "event to $count listeners, p99" ms "$P99" "$((count == 1000 ? 15 : 50))" "${bare[1]}"
        figure "event read by $count listeners, p99" "$READ_P99" ms "${bare[2]}" - - -
        # Without, with, with, without: a machine that gets slower or faster meanwhile meets both sides.
        load 64 "$URL/health/live"
        beside="$RATE"
        load 64 "$URL/health/live"
        beside="$(best "$beside" "$RATE")"
        process_stop listeners 5
        load 64 "$URL/health/live"
        compare "health with $count listeners, beside without" "req/s" "$beside" "$(best "$alone" "$RATE")" 0.95
    done
}

# Listens on COUNT connections and sets P50 and P99 (ms) of the arrival of 100 events, and READ_P99; the listeners stay: listen PORT COUNT
listen() {
    local words log="$LOG_FOLDER/listeners-$1-$2.log"
    process_start listeners "$log" "$FOLDER/listeners" "$1" "$2" 100 "$MEETING" "${JOIN_PATHS[-1]}"
    process_wait listeners 120 "$log" grep -q '^RESULT ' "$log"
    read -r -a words <<<"$(grep '^RESULT ' "$log")"
    P50="${words[2]}" P99="${words[3]}" READ_P99="${words[4]}"
}

# The overview of a year with a million participants.
measure_analytics() {
    run_logged "$LOG_FOLDER/analytics.log" "psql million_participants.sql" "see the log above" \
        "$POSTGRES_BIN/psql" -q -1 -v ON_ERROR_STOP=1 -f "$ROOT/Tests/Bench/million_participants.sql"
    export BENCH_COOKIE="$COOKIE"
    load 1 "$URL/api/v1/analytics?from=2026-01-01&to=2026-12-31&interval=month&scope=all"
    figure "analytics, a year, 1,000,000 participants" "$RATE" req/s - - - -
    bound "analytics, a year, p50" ms "$P50" 200
    load 1 "$URL/api/v1/analytics?from=2026-06-01&to=2026-06-30&scope=all"
    bound "analytics, a month, p50" ms "$P50" 50
    unset BENCH_COOKIE
}

measure_memory() {
    bound "memory after the run" MB "$(memory)" 60
}

measure_start() {
    local times median
    process_stop api 30
    times="$(timeout 120 python3 "$ROOT/Tests/Bench/start_time.py" "$BINARY" "$FOLDER/env" | sort -n)" ||
        fail "the API did not say that it is ready" "" "$BINARY serve --env-file ... and see what it says"
    median="$(sed -n 3p <<<"$times")"
    bound "start to ready, median of 5" ms "$median" 200
}

# Loads URL with requests that are sent once, from Tests/Bench/requests.py: load_once CONNECTIONS KIND A_SECOND <INPUT
load_once() {
    python3 "$ROOT/Tests/Bench/requests.py" "$2" "$(($3 * SECONDS_A_STEP))" >"$FOLDER/requests"
    BENCH_FILE="$FOLDER/requests" load "$1" "$URL"
    rm "$FOLDER/requests"
}

# Participants who come and go, in the meetings that were joined. The limit are the same rows in two transactions: the event as it came,
# then its claim, the connection and the participant under the meeting's lock.
measure_webhooks() {
    local ours="" limit="" cpu="" p50="" p99="" round
    run_logged "$LOG_FOLDER/webhooks.log" "psql webhook_people.sql" "see the log above" \
        "$POSTGRES_BIN/psql" -q -1 -v ON_ERROR_STOP=1 -f "$ROOT/Tests/Bench/webhook_people.sql"
    "$POSTGRES_BIN/psql" -qAt -F ' ' -c 'SELECT meeting_id, id FROM bench_people ORDER BY number' >"$FOLDER/people"
    export BENCH_KEY=bench BENCH_SECRET="$LIVEKIT_SECRET"
    for ((round = 0; round < ROUNDS; round++)); do
        pgbench_load 16 -f "$ROOT/Tests/Bench/webhook.sql"
        limit="$(best "$limit" "$RATE")"
        load_once 16 webhooks 8000 <"$FOLDER/people"
        if [[ "$(best "$ours" "$RATE")" == "$RATE" ]]; then ours="$RATE" cpu="$CPU" p50="$P50" p99="$P99"; fi
    done
    unset BENCH_KEY BENCH_SECRET
    figure "webhook, 16 connections" "$ours" req/s "$limit" "$(calculate "$ours / $limit" 2)" - -
    figure "webhook, p50" "$p50" ms - - - -
    figure "webhook, p99" "$p99" ms - - - -
    figure "webhook, CPU time a request" "$cpu" us - - - -
}

# Batches of ten elements on twenty boards, each batch with higher versions. The limit are the same rows, merged by pgbench.
measure_whiteboard() {
    local ours="" limit="" cpu="" p50="" p99="" round
    prepare_boards
    export BENCH_COOKIE="$COOKIE"
    for ((round = 0; round < ROUNDS; round++)); do
        pgbench_load 16 -f "$ROOT/Tests/Bench/whiteboard.sql"
        limit="$(best "$limit" "$RATE")"
        load_once 16 whiteboard 6000 <"$FOLDER/boards"
        if [[ "$(best "$ours" "$RATE")" == "$RATE" ]]; then ours="$RATE" cpu="$CPU" p50="$P50" p99="$P99"; fi
    done
    unset BENCH_COOKIE
    figure "whiteboard, 10 elements, 16 connections" "$ours" req/s "$limit" "$(calculate "$ours / $limit" 2)" - -
    figure "whiteboard, p50" "$p50" ms - - - -
    figure "whiteboard, p99" "$p99" ms - - - -
    figure "whiteboard, CPU time a request" "$cpu" us - - - -
}

# Twenty boards, each in a meeting of its own, with the elements that will be drawn anew.
prepare_boards() {
    local meetings meeting board
    meetings="$("$POSTGRES_BIN/psql" -qAt -c "SELECT id FROM meetings WHERE state = 'live' ORDER BY id DESC LIMIT 20")"
    while read -r meeting; do
        board="$(curl -fsS -H 'Content-Type: application/json' -H "Cookie: $COOKIE" -d '{"title":"Benchmark"}' \
            "$URL/api/v1/meetings/$meeting/whiteboards" | sed -n 's/^{"id":"\([^"]*\)".*/\1/p')"
        [[ -n "$board" ]] || fail "a whiteboard was made without id" "" "look into $LOG_FOLDER/api.log"
        printf '/api/v1/meetings/%s/whiteboards/%s/elements\n' "$meeting" "$board"
    done <<<"$meetings" >"$FOLDER/boards"
    run_logged "$LOG_FOLDER/whiteboard.log" "psql whiteboard_boards.sql" "see the log above" \
        "$POSTGRES_BIN/psql" -q -1 -v ON_ERROR_STOP=1 -f "$ROOT/Tests/Bench/whiteboard_boards.sql"
}

# Minutes of mixed load, and what the API's memory is at the end of each.
measure_soak() {
    local minute rounds before now
    before="$(memory)"
    for ((minute = 1; minute <= SOAK_MINUTES; minute++)); do
        for ((rounds = 0; rounds < 6; rounds++)); do soak_ten_seconds; done
        now="$(memory)"
        figure "soak, memory after minute $minute" "$now" MB - - - -
    done
    figure "soak, memory gained" "$(calculate "$now - $before" 1)" MB - - - -
}

soak_ten_seconds() {
    local SECONDS_A_STEP=3
    load 16 "$URL/health/live"
    BENCH_COOKIE="$COOKIE" load 16 "$URL/api/v1/meetings/$MEETING"
    BENCH_METHOD=POST BENCH_BODY='{"displayName":"Guest"}' BENCH_PATHS="$(IFS=,; printf '%s' "${JOIN_PATHS[*]}")" load 16 "$URL"
}

# Megabytes of the API's process that are in memory.
memory() {
    awk '/^VmRSS:/ { printf "%.1f", $2 / 1024 }' "/proc/$API_PID/status"
}

# How soon the export's pages show something, in a real browser.
measure_pages() {
    local page device name value unit
    run_logged "$LOG_FOLDER/frontend.log" "the frontend's build" "see the log above" \
        env NEXT_TELEMETRY_DISABLED=1 npm --prefix "$FRONTEND" run --silent build
    node "$ROOT/Tests/Bench/pages.mjs" "$FRONTEND" "$URL" / "/join/${JOIN_PATHS[0]##*/}" >"$FOLDER/pages"
    while IFS='|' read -r page device name value unit; do
        figure "$page, $name, $device" "$value" "$unit" - - - -
    done <"$FOLDER/pages"
}

# The packages that packaging/build-deb left in dist/, and what they take once installed.
measure_packages() {
    local file name
    for file in "$ROOT"/dist/*.deb; do
        [[ -e "$file" ]] || continue
        name="$(dpkg-deb -f "$file" Package)"
        [[ "$name" != *-dbgsym ]] || continue
        name+=" $(dpkg-deb -f "$file" Architecture)"
        figure "package $name" "$(calculate "$(stat -c %s "$file") / 1048576" 1)" MB - - - -
        figure "package $name, installed" "$(calculate "$(dpkg-deb -f "$file" Installed-Size) / 1024" 1)" MB - - - -
    done
}

# How long apt takes for those of this architecture on a minimal system that boots, as root alone can boot one, with all that they
# depend on fetched; then, from a configuration that is complete, until everything runs.
measure_install() {
    local packages="$FOLDER/dist" file times
    mkdir "$packages"
    for file in "$ROOT"/dist/*+"$PACKAGES_SUITE"[0-9]*_{all,"$(dpkg --print-architecture)"}.deb; do
        [[ ! -e "$file" || "$file" == *-dbgsym_* ]] || cp "$file" "$packages/"
    done
    if [[ "$EUID" != 0 || -z "$(ls "$packages")" ]]; then
        note "the time of an installation takes root, and packages in dist/: packaging/build-deb --suite $PACKAGES_SUITE"
        step_left_out
        return 0
    fi
    ensure_packages systemd-container util-linux
    ensure_machine_root "$PACKAGES_SUITE"
    run_logged "$LOG_FOLDER/install.log" "apt-get --download-only" "see the log above" fetch_dependencies "$packages"
    times="$(python3 "$ROOT/Tests/Bench/install_time.py" "$packages" "$MACHINE_ROOT" "$(cache_folder)/apt-archives" "$FOLDER/machine")" ||
        fail "the packages were not installed" "" "ansible-free-scripts/test --only packages"
    figure "apt install of the packages" "$(sed -n 's/^install //p' <<<"$times")" s - - - -
    figure "configured to ready" "$(sed -n 's/^ready //p' <<<"$times")" s - - - -
}
