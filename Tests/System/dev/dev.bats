#!/usr/bin/env bats
# The development environment's whole life, of a copy of the tree, in a state folder of its own and on free ports. DEV_API_BIN
# names the program.

bats_require_minimum_version 1.5.0

setup_file() {
    # Beside whatever runs on this machine already. PostgreSQL's account has to get through it.
    LIVEKIT_CONFERENCE_STATE="$(mktemp -d)"
    chmod 711 "$LIVEKIT_CONFERENCE_STATE"
    export LIVEKIT_CONFERENCE_STATE
    export STATE="$LIVEKIT_CONFERENCE_STATE/livekit-conference"
    # shellcheck source=../../../ansible-free-scripts/lib/all.sh
    source "$BATS_TEST_DIRNAME/../../../ansible-free-scripts/lib/all.sh"
    POSTGRES="$(postgres_find)"
    export POSTGRES
    copy_tree
    local service
    for service in POSTGRES REDIS S3 LIVEKIT API FRONTEND; do
        declare -gx "DEV_${service}_PORT=$(port_random_free)"
    done
    # Nothing listens there.
    NO_REGISTRY_PORT="$(port_random_free)"
    export NO_REGISTRY_PORT
}

# Sets TREE, a copy that tests may change, and DEV in it. The frontend's packages are installed in the checkout and linked; where
# they can't be had, FRONTEND_REASON says why.
copy_tree() {
    # shellcheck disable=SC2034 # read by run_logged
    local LOG_FOLDER="$LIVEKIT_CONFERENCE_STATE"
    export TREE="$LIVEKIT_CONFERENCE_STATE/tree"
    export DEV="$TREE/ansible-free-scripts/dev"
    mkdir "$TREE"
    git -C "$ROOT" ls-files -z --cached --others --exclude-standard |
        tar -C "$ROOT" -c --null --files-from=- --ignore-failed-read | tar -C "$TREE" -x
    ensure_frontend
    export FRONTEND_REASON
    [[ -z "$FRONTEND_REASON" ]] || return 0
    # Links don't reach from one file system to another.
    cp -al "$FRONTEND/node_modules" "$TREE/frontend/" 2>/dev/null || cp -a "$FRONTEND/node_modules" "$TREE/frontend/"
}

teardown_file() {
    "$DEV" reset --yes
    rm -rf "$LIVEKIT_CONFERENCE_STATE"
}

# The value of NAME in the generated settings.
setting() {
    sed -n "s/^$1=//p" "$STATE/dev.env"
}

# The services' process ids.
pids() {
    "$DEV" status | awk '$2 == "running" { print $1, $3 }'
}

# The meetings of the seeded administrator, as the API tells them.
meetings() {
    local jar="$BATS_TEST_TMPDIR/cookies" address="http://localhost:$DEV_API_PORT/api/v1"
    local account
    account="$(grep -m 1 '(administrator)' "$STATE/seed.txt")"
    curl -fsS -c "$jar" -H 'Content-Type: application/json' "$address/session" -o /dev/null \
        -d "{\"email\": \"$(awk '{ print $1 }' <<<"$account")\", \"password\": \"$(awk '{ print $3 }' <<<"$account")\"}"
    curl -fsS -b "$jar" "$address/meetings" | grep -o '"id":"[^"]*"' | sort
}

# Runs a command until it succeeds, for so many seconds at most.
eventually() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < until)) || return 1
        sleep 0.2
    done
}

# Whether the frontend's start page contains TEXT.
start_page_has() {
    curl -fsS --max-time 30 "http://localhost:$DEV_FRONTEND_PORT/" | grep -q "$1"
}

# Writes what the development server tells the pages that are open.
hear_frontend() {
    # shellcheck disable=SC2016 # it is JavaScript
    node -e '
        const socket = new WebSocket(`ws://localhost:${process.env.DEV_FRONTEND_PORT}/_next/hmr?id=test`);
        socket.binaryType = "arraybuffer";
        socket.onopen = () => console.log("open");
        socket.onmessage = ({ data }) => console.log(typeof data === "string" ? data : Buffer.from(data).toString("latin1"));
        socket.onerror = () => process.exit(1);
    '
}

# Runs an SQL statement on the maintenance database.
sql() {
    "$POSTGRES/psql" -X -A -t -v ON_ERROR_STOP=1 "$(setting DATABASE_URL | sed 's#/[^/]*$#/postgres#')" -c "$1"
}

@test "up starts everything and the API is healthy" {
    run "$DEV" up 3>&-
    echo "$output"
    [[ "$status" == 0 ]]
    [[ "$output" == *"Ready after"* ]]
    [[ "$output" == *"http://localhost:$DEV_API_PORT"* ]]
    run curl -fsS "http://localhost:$DEV_API_PORT/health/ready"
    [[ "$status" == 0 ]]
    curl -sS "http://localhost:$DEV_API_PORT/health" | grep -q status
}

@test "its settings are for its owner only, and secrets are in no process list" {
    [[ "$(stat -c %a "$STATE/dev.env")" == 600 ]]
    [[ "$(stat -c %a "$STATE/secrets")" == 600 ]]
    local secret
    while IFS='=' read -r _ secret; do
        run ! grep -laF -f <(printf '%s\n' "$secret") /proc/[0-9]*/cmdline
    done <"$STATE/secrets"
}

@test "services listen on loopback only" {
    local port
    for port in "$DEV_POSTGRES_PORT" "$DEV_REDIS_PORT" "$DEV_S3_PORT" "$DEV_API_PORT"; do
        run awk -v port="$(printf ':%04X' "$port")" \
            '$4 == "0A" && substr($2, length($2) - 4) == port { print substr($2, 1, 8) }' /proc/net/tcp
        [[ "$output" == 0100007F ]]
    done
}

@test "a second up changes nothing" {
    local before
    before="$(pids)"
    run "$DEV" up 3>&-
    echo "$output"
    [[ "$status" == 0 ]]
    [[ "$output" == *"Nothing changed"* ]]
    [[ "$(pids)" == "$before" ]]
}

@test "a crashed service is told by status and started again by up, the others stay" {
    local before
    before="$(pids | grep -v redis)"
    kill -KILL "$("$DEV" status | awk '$1 == "redis" { print $3 }')"
    run "$DEV" status
    [[ "$output" == *"redis      crashed"* ]]
    run "$DEV" up 3>&-
    echo "$output"
    [[ "$status" == 0 ]]
    [[ "$(pids | grep -v redis)" == "$before" ]]
    "$DEV" status | grep -q '^redis *running'
}

@test "the frontend is served with its assets, and what is changed in its sources reaches open pages without a restart" {
    [[ -z "$FRONTEND_REASON" ]] || skip "$FRONTEND_REASON"
    local heard="$BATS_TEST_TMPDIR/heard" before listener
    curl -fsS -o /dev/null "http://localhost:$DEV_FRONTEND_PORT/selfie-segmentation/selfie_segmentation_landscape.tflite"
    before="$(pids)"
    start_page_has "<title>Conference</title>"
    hear_frontend >"$heard" 2>&1 3>&- &
    listener=$!
    eventually 10 grep -q open "$heard"
    sed -i 's/title: "Conference"/title: "Reloaded"/' "$TREE/frontend/src/app/layout.tsx"
    eventually 60 start_page_has "<title>Reloaded</title>"
    eventually 10 grep -q serverComponentChanges "$heard"
    kill "$listener"
    [[ "$(pids)" == "$before" ]]
}

@test "down stops everything, and the next up has the data again" {
    sql "CREATE TABLE kept (n int)" && sql "INSERT INTO kept VALUES (42)"
    REDISCLI_AUTH="$(sed -n 's/^REDIS_PASSWORD=//p' "$STATE/secrets")"
    export REDISCLI_AUTH
    redis-cli -p "$DEV_REDIS_PORT" set kept 43
    local s3=("$(cache_python)" -c '
import boto3, sys
s3 = boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
if sys.argv[2] == "put":
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="a/b", Body=b"44", ContentType="text/x-kept")
answer = s3.get_object(Bucket="kept", Key="a/b")
print(answer["Body"].read().decode(), answer["ContentType"])
' "$(setting S3_ENDPOINT)")
    "${s3[@]}" put
    local before
    before="$(meetings)"
    [[ -n "$before" ]]
    run "$DEV" down
    echo "$output"
    [[ "$status" == 0 ]]
    [[ -z "$(pids)" ]]
    run "$DEV" up 3>&-
    echo "$output"
    [[ "$status" == 0 ]]
    [[ "$(sql "SELECT n FROM kept")" == 42 ]]
    [[ "$(redis-cli -p "$DEV_REDIS_PORT" get kept)" == 43 ]]
    [[ "$(meetings)" == "$before" ]]
    [[ "$("${s3[@]}" get)" == "44 text/x-kept" ]]
}

# The Python of the S3 service.
cache_python() {
    # shellcheck source=../../../ansible-free-scripts/lib/all.sh
    source "$BATS_TEST_DIRNAME/../../../ansible-free-scripts/lib/all.sh"
    ensure_s3 >/dev/null
    printf '%s' "$S3_PYTHON"
}

@test "logs shows a service's lines" {
    run "$DEV" logs redis
    [[ "$status" == 0 && "$output" == *"Ready to accept connections"* ]]
}

@test "a port that somebody else has is refused when asked for" {
    "$DEV" down
    python3 -m http.server --bind 127.0.0.1 "$DEV_REDIS_PORT" >/dev/null 2>&1 3>&- &
    local listener=$!
    until curl -s "http://127.0.0.1:$DEV_REDIS_PORT" >/dev/null; do sleep 0.1; done
    run "$DEV" up 3>&-
    kill "$listener"
    echo "$output"
    [[ "$status" == 1 ]]
    [[ "$output" == *"port $DEV_REDIS_PORT, asked for redis, is taken"*"What to do"* ]]
}

@test "where npm reaches no registry, up runs everything else and says why the frontend is missing and what to do" {
    local registry before
    registry="http://127.0.0.1:$NO_REGISTRY_PORT"
    [[ ! -d "$TREE/frontend/node_modules" ]] || mv "$TREE/frontend/node_modules" "$LIVEKIT_CONFERENCE_STATE/"
    NPM_CONFIG_REGISTRY="$registry" run "$DEV" up 3>&-
    echo "$output"
    [[ "$status" == 0 ]]
    [[ "$output" == *"the frontend is left out: npm reaches no registry; everything else runs without it"* ]]
    [[ "$output" == *"see that \`npm ping\` works, then run this again"* ]]
    [[ "$output" == *"Ready after"*"Frontend   left out: npm reaches no registry"* ]]
    curl -fsS -o /dev/null "http://localhost:$DEV_API_PORT/health/ready"
    "$DEV" status | grep -q '^frontend *stopped'
    [[ "$(pids | awk '{ print $1 }' | grep -vx livekit | xargs)" == "postgres redis s3 api" ]]

    [[ -z "$FRONTEND_REASON" ]] || skip "the rest needs it: $FRONTEND_REASON"
    before="$(pids)"
    mv "$LIVEKIT_CONFERENCE_STATE/node_modules" "$TREE/frontend/"
    run "$DEV" up 3>&-
    echo "$output"
    [[ "$status" == 0 && "$output" == *"Frontend   http://localhost:$DEV_FRONTEND_PORT"* ]]
    [[ "$(pids | grep -v '^frontend')" == "$before" ]]
    start_page_has "<title>Reloaded</title>"
}

@test "reset asks first, then leaves nothing" {
    "$DEV" up 3>&-
    run "$DEV" reset <<<"no"
    [[ "$status" == 1 && -e "$STATE/secrets" ]]
    run "$DEV" reset --yes
    echo "$output"
    [[ "$status" == 0 ]]
    [[ ! -e "$STATE" ]]
    run ! curl -fsS --max-time 2 "http://localhost:$DEV_API_PORT/health"
}
