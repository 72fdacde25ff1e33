#!/usr/bin/env bats
# The development environment's whole life, in a state folder of its own and on free ports. DEV_API_BIN names the program.

bats_require_minimum_version 1.5.0

setup_file() {
    DEV="$BATS_TEST_DIRNAME/../../../ansible-free-scripts/dev"
    export DEV
    # Beside whatever runs on this machine already. PostgreSQL's account has to get through it.
    LIVEKIT_CONFERENCE_STATE="$(mktemp -d)"
    chmod 711 "$LIVEKIT_CONFERENCE_STATE"
    export LIVEKIT_CONFERENCE_STATE
    export STATE="$LIVEKIT_CONFERENCE_STATE/livekit-conference"
    # shellcheck source=../../../ansible-free-scripts/lib/all.sh
    source "$BATS_TEST_DIRNAME/../../../ansible-free-scripts/lib/all.sh"
    POSTGRES="$(postgres_find)"
    export POSTGRES
    local service
    for service in POSTGRES REDIS S3 LIVEKIT API FRONTEND; do
        declare -gx "DEV_${service}_PORT=$(port_random_free)"
    done
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
