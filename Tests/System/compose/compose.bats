#!/usr/bin/env bats
# compose-dev/ on a real Docker engine, from a clean checkout. The engine is the one that `docker` reaches; the images that
# compose.yaml names are there, or can be pulled. Where FRONTEND_REASON says why npm's packages can't be had, the frontend's tests are
# left out.

bats_require_minimum_version 1.5.0

setup_file() {
    local root="$BATS_TEST_DIRNAME/../../.."
    CHECKOUT="$(mktemp -d)"
    export CHECKOUT
    # What git would give, with the changes that are not committed yet. A deleted file may still be listed.
    git -C "$root" ls-files -z --cached --others --exclude-standard |
        tar -C "$root" --null --ignore-failed-read --files-from - -c 2>/dev/null | tar -C "$CHECKOUT" -x
    # The account inside of the container has another number than the owner of the checkout.
    chmod -R go+rX "$CHECKOUT"
    choose_ports
}

teardown_file() {
    docker rm --force release-under-test web-under-test >/dev/null 2>&1 || true # they may not have been made
    compose --profile egress --profile observability down --volumes --timeout 10 3>&-
    rm -rf "$CHECKOUT"
}

# The ports that compose.yaml has by itself, or free ones by way of .env where somebody listens on one of them already.
choose_ports() {
    # shellcheck source=../../../ansible-free-scripts/lib/all.sh
    source "$BATS_TEST_DIRNAME/../../../ansible-free-scripts/lib/all.sh"
    local name port taken=0
    while IFS='=' read -r name port; do
        declare -gx "$name=$port"
        port_is_free "$port" || taken=1
    done < <(ports)
    [[ "$taken" == 1 ]] || return 0
    while IFS='=' read -r name port; do
        declare -gx "$name=$(port_random_free)"
        printf '%s=%s\n' "$name" "${!name}" >>"$CHECKOUT/compose-dev/.env"
    done < <(ports)
}

# The TCP ports that can be set, with their defaults.
ports() {
    sed -nE 's/^#([A-Z0-9]+(_TCP)?_PORT)=([0-9]+)$/\1=\3/p' "$CHECKOUT/compose-dev/.env.example"
}

compose() {
    docker compose --progress quiet -f "$CHECKOUT/compose-dev/compose.yaml" "$@"
}

# Every service, whatever its profile, as one JSON document.
model() {
    compose --profile egress --profile observability config --format json
}

# Fails unless the Python expression holds for `c`, the model read from standard input: holds EXPRESSION
holds() {
    python3 -c 'import json, sys; c = json.load(sys.stdin); s = c["services"]; r = eval(f"({sys.argv[1]})"); print(r); sys.exit(not r)' "$1"
}

container() {
    compose ps --all --quiet "$1"
}

# A field of a service's container: inspect SERVICE FORMAT
inspect() {
    docker inspect --format "$2" "$(container "$1")"
}

# Starts what a plain `up` starts: up [ARGUMENT...]
up() {
    [[ -z "${FRONTEND_REASON:-}" ]] || set -- --scale frontend=0 "$@"
    compose "$@" up --detach --wait --quiet-pull 3>&-
}

# The services of a plain `up` that stay running.
services() {
    printf '%s\n' postgres redis localstack livekit backend
    [[ -n "${FRONTEND_REASON:-}" ]] || echo frontend
}

# Leaves the test out, with the reason, where there is no frontend.
needs_frontend() {
    [[ -z "${FRONTEND_REASON:-}" ]] || skip "$FRONTEND_REASON"
}

# Waits up to SECONDS until COMMAND succeeds: eventually SECONDS COMMAND...
eventually() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || {
            echo "not within the time: $*"
            compose ps --all
            compose logs --tail 40
            return 1
        }
        sleep 0.2
    done
}

api() {
    local path="$1"
    shift
    curl -fsS -b "$BATS_FILE_TMPDIR/cookies" -c "$BATS_FILE_TMPDIR/cookies" "http://localhost:$API_PORT$path" "$@"
}

# One SQL statement's answer.
sql() {
    compose exec -T -e PGPASSWORD=livekit_conference postgres psql -X -A -t -h 127.0.0.1 -U livekit_conference livekit_conference -c "$1"
}

# An S3 request for the bucket's object KEY, signed by curl: s3 KEY [CURL ARGUMENT...]
s3() {
    local key="$1"
    shift
    curl -fsS --aws-sigv4 aws:amz:us-east-1:s3 --user test:test "$@" \
        "http://localhost:$S3_PORT/livekit-conference/$key"
}

sign_in() {
    api /api/v1/session -o /dev/null -H 'Content-Type: application/json' \
        -d '{"email": "admin@example.com", "password": "admin-local-only"}'
}

# True when the description of the API has VERSION.
api_has_version() {
    api /api/openapi.json | grep -q "\"version\":\"$1\""
}

# Changes the version in the description of the API: change_source FROM TO
change_source() {
    sed -i "s/\"version\": \"$1\"/\"version\": \"$2\"/" "$CHECKOUT/Sources/ConferenceAPI/OpenAPI/OpenAPIDocument.swift"
    grep -q "\"version\": \"$2\"" "$CHECKOUT/Sources/ConferenceAPI/OpenAPI/OpenAPIDocument.swift"
}

@test "with no file of settings, the ports are the ones that everyone knows, on loopback" {
    env -i PATH="$PATH" HOME="$HOME" DOCKER_CONFIG="${DOCKER_CONFIG:-}" docker compose --env-file /dev/null \
        -f "$CHECKOUT/compose-dev/compose.yaml" config --format json >"$BATS_TEST_TMPDIR/model"
    holds '{int(p["published"]) for v in s.values() for p in v.get("ports", []) if p["protocol"] == "tcp"}
        == {3000, 3001, 5432, 6379, 4566, 7880, 7881}' <"$BATS_TEST_TMPDIR/model"
    holds 'sum(p["protocol"] == "udp" for v in s.values() for p in v.get("ports", [])) == 60' <"$BATS_TEST_TMPDIR/model"
    holds 'all(p["host_ip"] == "127.0.0.1" for v in s.values() for p in v.get("ports", []))' <"$BATS_TEST_TMPDIR/model"
}

@test "every service has a health check, a memory limit, rotated logs and a restart; images are pinned; data is in named volumes" {
    model >"$BATS_TEST_TMPDIR/model"
    holds 'all(v["logging"]["options"] == {"max-size": "10m", "max-file": "3"} and int(v["mem_limit"]) > 0 for v in s.values())' \
        <"$BATS_TEST_TMPDIR/model"
    holds 'all(n == "migrate" or v["restart"] == "unless-stopped" and "/health" in v["healthcheck"]["test"] for n, v in s.items())' \
        <"$BATS_TEST_TMPDIR/model"
    holds 'all(":" in v["image"] and not v["image"].endswith(":latest") for v in s.values())' <"$BATS_TEST_TMPDIR/model"
    holds 'all(any(m["type"] == "volume" for m in s[n]["volumes"]) for n in ("postgres", "redis", "localstack"))' \
        <"$BATS_TEST_TMPDIR/model"
}

@test ".env.example names every variable of compose.yaml with its default, and no other" {
    diff <(grep -oE '\$\{[A-Z0-9_]+:-[^}]*\}' "$CHECKOUT/compose-dev/compose.yaml" | sed -E 's/\$\{([^:]*):-(.*)\}/#\1=\2/' | sort -u) \
        <(grep -E '^#?[A-Z0-9_]+=' "$CHECKOUT/compose-dev/.env.example" | sort -u)
}

@test "up starts everything in order, and everything is healthy" {
    up || {
        compose ps --all
        compose logs --tail 60
        return 1
    }
    local service
    for service in $(services); do
        [[ "$(inspect "$service" '{{.State.Health.Status}}')" == healthy ]]
    done
    # One waited for another: a later start is a greater number.
    [[ "$(inspect postgres '{{.State.StartedAt}}')" < "$(inspect migrate '{{.State.StartedAt}}')" ]]
    [[ "$(inspect migrate '{{.State.FinishedAt}}')" < "$(inspect backend '{{.State.StartedAt}}')" ]]
    [[ "$(inspect redis '{{.State.StartedAt}}')" < "$(inspect livekit '{{.State.StartedAt}}')" ]]
    [[ "$(inspect migrate '{{.State.Status}} {{.State.ExitCode}}')" == "exited 0" ]]
    api /health/ready
}

@test "the database livekit_conference has every migration and the accounts for development" {
    [[ "$(sql 'SELECT count(*) FROM schema_migrations')" == "$(find "$CHECKOUT/migrations" -name '*.sql' | wc -l)" ]]
    [[ "$(sql 'SELECT count(*) FROM accounts')" -ge 2 ]]
}

@test "the API makes a meeting and reaches the bucket, in which an object can be stored" {
    sign_in
    api /api/v1/meetings -H 'Content-Type: application/json' -d '{"title": "Made in a container"}' | grep -q '"id"'
    api /health | holds '[v["status"] for v in s if v["service"] in ("postgresql", "redis", "storage")] == ["ok"] * 3'
    s3 kept/object -X PUT --data-binary 'what was stored' -H 'Content-Type: text/x-kept'
    [[ "$(s3 kept/object)" == 'what was stored' ]]
}

# A presigned URL of kept/object by SECRET, made with the client that LocalStack's image has: presigned SECRET
presigned() {
    compose exec -T -e AWS_SECRET_ACCESS_KEY="$1" -e AWS_DEFAULT_REGION=us-east-1 localstack /opt/localstack/bin/python -c '
import sys, boto3
from botocore.config import Config
config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
s3 = boto3.client("s3", endpoint_url=sys.argv[1], config=config)
print(s3.generate_presigned_url("get_object", Params={"Bucket": "livekit-conference", "Key": "kept/object"}))' "http://localhost:$S3_PORT"
}

@test "an object is given for a presigned URL by the right key only" {
    # LocalStack looks at the signatures of presigned URLs, which browsers use, and not at those in headers.
    [[ "$(curl -fsS "$(presigned test)")" == 'what was stored' ]]
    [[ "$(curl -sS -o /dev/null -w '%{http_code}' "$(presigned another)")" == 403 ]]
}

@test "limits and log options at the engine are what the file says" {
    local service
    model >"$BATS_TEST_TMPDIR/model"
    for service in $(services); do
        inspect "$service" '{"memory": {{.HostConfig.Memory}}, "log": {{json .HostConfig.LogConfig}}, "restart": "{{.HostConfig.RestartPolicy.Name}}"}' \
            >"$BATS_TEST_TMPDIR/container"
        python3 - "$service" "$BATS_TEST_TMPDIR/model" "$BATS_TEST_TMPDIR/container" <<'P'
import json, sys
model, container = json.load(open(sys.argv[2]))["services"][sys.argv[1]], json.load(open(sys.argv[3]))
assert container["memory"] == int(model["mem_limit"]) > 0, container
assert container["log"] == {"Type": "json-file", "Config": model["logging"]["options"]}, container
assert container["restart"] == "unless-stopped", container
P
    done
}

@test "the processes of backend and frontend are not root's" {
    local service
    for service in $(services | grep end); do
        [[ "$(compose exec -T "$service" id -u)" == 1000 ]]
        [[ -z "$(docker top "$(container "$service")" -o uid | awk 'NR > 1 && $1 == 0')" ]]
    done
}

@test "media goes to this machine's loopback: the server names that address, and its UDP ports arrive" {
    model | holds '"node_ip: 127.0.0.1" in s["livekit"]["environment"]["LIVEKIT_CONFIG"]'
    model | holds 'all(str(p["target"]) == p["published"] for p in s["livekit"]["ports"] if p["protocol"] == "udp")'
    # The real server binds a port when somebody comes; the stand-in has Python to do so now.
    compose exec -T livekit sh -c 'command -v python3' >/dev/null || skip "a real LiveKit server: only a browser can tell"
    compose exec -T -d livekit python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 50000))
while True:
    data, sender = s.recvfrom(2000)
    s.sendto(b"answer to " + data, sender)'
    eventually 20 datagram_is_answered
}

# Sends the event ID to the address that LiveKit is configured for, from its container, signed with its key and SECRET, and prints the
# status of the answer: send_webhook ID [SECRET]
send_webhook() {
    compose exec -T livekit python3 - "$@" <<'P'
import base64, hashlib, hmac, json, os, re, sys, time, urllib.error, urllib.request
config = os.environ["LIVEKIT_CONFIG"]
[address] = re.search(r"urls: \[(.*)\]", config).group(1).split(",")
key, secret = os.environ["LIVEKIT_KEYS"].split(": ")
assert re.search(r"webhook:\s+api_key: (\S+)", config).group(1) == key
encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
content = json.dumps({"event": "room_started", "id": sys.argv[1], "createdAt": str(int(time.time())),
                      "room": {"sid": "RM_compose", "name": "nobody-made-it"}}).encode()
claims = {"iss": key, "nbf": int(time.time()), "exp": int(time.time()) + 300,
          "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode()}
head = ".".join(encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
signature = encode(hmac.new((sys.argv[2:] or [secret])[0].encode(), head.encode(), hashlib.sha256).digest())
headers = {"Content-Type": "application/webhook+json", "Authorization": f"{head}.{signature}"}
try:
    print(urllib.request.urlopen(urllib.request.Request(address, content, headers)).status)
except urllib.error.HTTPError as refusal:
    print(refusal.code)
P
}

@test "LiveKit's webhooks reach the backend by the address and the key that both are configured for, and others are refused" {
    compose exec -T livekit sh -c 'command -v python3' >/dev/null || skip "a real LiveKit server: it sends them by itself"
    [[ "$(send_webhook EV_composeRight)" == 200 ]]
    [[ "$(send_webhook EV_composeWrong another-secret-than-the-one-of-livekit)" == 401 ]]
    [[ "$(sql "SELECT id, event FROM webhook_inbox WHERE id LIKE 'EV_compose%'")" == "EV_composeRight|room_started" ]]
}

datagram_is_answered() {
    python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(1)
s.sendto(b"media", ("127.0.0.1", 50000))
assert s.recv(100) == b"answer to media"'
}

# Asks again and again until the file "stop" is there, and writes what was not answered to "refused".
keep_asking() {
    while [[ ! -e "$BATS_TEST_TMPDIR/stop" ]]; do
        curl -fsS --max-time 10 -o /dev/null "http://localhost:$API_PORT/health/live" 2>>"$BATS_TEST_TMPDIR/refused" &&
            echo >>"$BATS_TEST_TMPDIR/answered"
    done
}

@test "a changed source is live without a manual step, and no request is refused meanwhile" {
    local asking
    api_has_version 1
    : >"$BATS_TEST_TMPDIR/refused"
    keep_asking 3>&- &
    asking=$!
    change_source 1 2-reloaded
    eventually 600 api_has_version 2-reloaded
    touch "$BATS_TEST_TMPDIR/stop"
    wait "$asking"
    cat "$BATS_TEST_TMPDIR/refused"
    [[ ! -s "$BATS_TEST_TMPDIR/refused" ]]
    [[ "$(wc -l <"$BATS_TEST_TMPDIR/answered")" -gt 10 ]]
    [[ "$(inspect backend '{{.RestartCount}}')" == 0 ]]
}

# True when the backend's log has LINE.
backend_said() {
    compose logs --no-log-prefix backend | grep -qF "$1"
}

@test "a source that doesn't compile is told, and the old program keeps serving; a new migration is applied with the next one" {
    local number
    printf 'this is no Swift\n' >"$CHECKOUT/Sources/ConferenceAPI/Broken.swift"
    eventually 600 backend_said "it does not build, see above; the old program keeps serving"
    api_has_version 2-reloaded
    number="$(find "$CHECKOUT/migrations" -name '*.sql' | wc -l)"
    printf 'CREATE TABLE made_meanwhile (id int);\n' >"$(printf '%s/migrations/%04d_create_made_meanwhile.sql' "$CHECKOUT" $((number + 1)))"
    rm "$CHECKOUT/Sources/ConferenceAPI/Broken.swift"
    change_source 2-reloaded 3-mended
    eventually 600 api_has_version 3-mended
    [[ "$(sql 'SELECT count(*) FROM made_meanwhile')" == 0 ]]
    api /health/ready
}

# True when the page at the top has TITLE.
page_has_title() {
    curl -fsS --max-time 60 "http://localhost:$FRONTEND_PORT/" | grep -qF "<title>$1</title>"
}

# True when the page at the top is answered with STATUS.
page_answers() {
    [[ "$(curl -sS --max-time 60 -o /dev/null -w '%{http_code}' "http://localhost:$FRONTEND_PORT/")" == "$1" ]]
}

# True when the frontend's log has LINE.
frontend_said() {
    compose logs --no-log-prefix frontend | grep -qF "$1"
}

@test "the frontend serves its pages, knows where the API is, and may be read from its origin" {
    needs_frontend
    eventually 120 page_has_title Conference
    curl -fsS --max-time 60 -o /dev/null "http://localhost:$FRONTEND_PORT/join/abc-defg-hij"
    [[ "$(inspect frontend '{{range .Config.Env}}{{println .}}{{end}}' | grep ^NEXT_PUBLIC_API_URL=)" == "NEXT_PUBLIC_API_URL=http://localhost:$API_PORT" ]]
    api /api/v1/session -o /dev/null -D - -H "Origin: http://localhost:$FRONTEND_PORT" |
        grep -qi "^access-control-allow-origin: http://localhost:$FRONTEND_PORT"
}

@test "a changed page is live without a manual step; a wrong one is told and the container stays; nothing is written into the checkout" {
    needs_frontend
    local layout="$CHECKOUT/frontend/src/app/layout.tsx"
    cp "$layout" "$BATS_TEST_TMPDIR/layout"
    sed -i 's/title: "Conference"/title: "Reloaded"/' "$layout"
    eventually 120 page_has_title Reloaded
    echo 'this is no TypeScript' >>"$layout"
    eventually 120 page_answers 500
    cp "$BATS_TEST_TMPDIR/layout" "$layout"
    eventually 120 page_has_title Conference
    # Next.js reads this file only when it starts.
    echo '// changed' >>"$CHECKOUT/frontend/next.config.ts"
    eventually 60 frontend_said "starting again, since this changed: next.config.ts"
    eventually 120 page_has_title Conference
    [[ "$(inspect frontend '{{.RestartCount}} {{.State.Health.Status}}')" == "0 healthy" ]]
    [[ -z "$(find "$CHECKOUT/frontend" -name node_modules -o -name .next -o -name next-env.d.ts -o -name schema.d.ts)" ]]
}

# True when SERVICE was started again since it had COUNT restarts, and is healthy: came_back SERVICE COUNT
came_back() {
    [[ "$(inspect "$1" '{{.RestartCount}} {{.State.Health.Status}}')" =~ ^([0-9]+)\ healthy$ ]] && ((BASH_REMATCH[1] > $2))
}

@test "services that hang are restarted after their health checks failed" {
    local service before=()
    for service in $(services); do
        before+=("$(inspect "$service" '{{.RestartCount}}')")
        # Every process of the container but the first and the shell itself.
        compose exec -T "$service" sh -c 'kill -STOP -1'
    done
    for service in $(services); do
        eventually 300 came_back "$service" "${before[0]}"
        before=("${before[@]:1}")
    done
    eventually 60 api /health/ready
    compose logs --no-log-prefix backend | grep -q 'health: ending the container'
}

@test "objects outlive LocalStack's restart" {
    [[ "$(s3 kept/object)" == 'what was stored' ]]
}

@test "down and up keep the data of PostgreSQL, Redis and LocalStack" {
    local meetings
    sign_in
    meetings="$(api /api/v1/meetings | grep -o '"id":"[^"]*"' | sort)"
    [[ -n "$meetings" ]]
    compose exec -T redis redis-cli set kept 43
    s3 kept/late -X PUT --data-binary 'stored just before'
    compose down 3>&-
    [[ -z "$(compose ps --all --quiet)" ]]
    up
    sign_in
    [[ "$(api /api/v1/meetings | grep -o '"id":"[^"]*"' | sort)" == "$meetings" ]]
    [[ "$(compose exec -T redis redis-cli get kept)" == 43 ]]
    [[ "$(s3 kept/object)" == 'what was stored' ]]
    [[ "$(s3 kept/late)" == 'stored just before' ]]
    s3 kept/object -o /dev/null -w '%{content_type}' | grep -qx text/x-kept
}

@test "profiles add the recorder and the monitoring, which sees the backend" {
    up --profile egress --profile observability
    [[ "$(inspect egress '{{.State.Health.Status}}')" == healthy ]]
    eventually 60 prometheus_sees_backend
}

prometheus_sees_backend() {
    curl -fsS "http://localhost:$PROMETHEUS_PORT/api/v1/query?query=up" | grep -q '"job":"livekit-conference"},"value":\[[0-9.]*,"1"'
}

@test "bake builds the release images for both architectures from the same files" {
    cd "$CHECKOUT"
    docker buildx bake -f compose-dev/docker-bake.hcl --print backend frontend 2>/dev/null >"$BATS_TEST_TMPDIR/bake"
    python3 - "$BATS_TEST_TMPDIR/bake" <<'P'
import json, sys
targets = json.load(open(sys.argv[1]))["target"]
assert set(targets) == {"backend", "frontend"}, targets
assert all(t["platforms"] == ["linux/amd64", "linux/arm64"] and t["target"] == "release" for t in targets.values()), targets
P
}

@test "the release image has the program, no compiler and no root, and refuses to start without its settings" {
    cd "$CHECKOUT"
    docker buildx bake -f compose-dev/docker-bake.hcl --set "*.platform=linux/$(dpkg --print-architecture)" --load backend 3>&-
    local image=livekit-conference-backend:latest
    [[ "$(docker run --rm --entrypoint id "$image" -un)" == livekit-conference ]]
    run ! docker run --rm --entrypoint sh "$image" -c 'command -v swift gcc'
    run ! docker run --rm "$image" check-config
    [[ "$output" == *APP_ENV* ]]
    # The same program with the settings of the service above, beside it.
    compose run --rm -T --no-deps --entrypoint env backend >"$BATS_TEST_TMPDIR/all"
    grep -E '^(APP_ENV|[A-Z]+_URL|S3_[A-Z_]+|LIVEKIT_[A-Z_]+|SESSION_SECRET)=' "$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/settings"
    docker run --detach --init --name release-under-test --network livekit-conference_default --env-file "$BATS_TEST_TMPDIR/settings" "$image"
    eventually 120 release_is_healthy || {
        docker logs --tail 40 release-under-test
        docker inspect --format '{{json .State}}' release-under-test
        return 1
    }
    docker rm --force release-under-test
}

release_is_healthy() {
    [[ "$(docker inspect --format '{{.State.Health.Status}}' release-under-test)" == healthy ]]
}

# Builds the frontend's release image for ARCHITECTURE into the engine, and prints the image's architecture.
build_web() {
    docker buildx bake -f compose-dev/docker-bake.hcl --set "*.platform=linux/$1" --load frontend >&2 3>&-
    docker image inspect --format '{{.Architecture}}' livekit-conference-frontend:latest
}

# The port on this machine of the container web-under-test, started from the image with ARGUMENTS: start_web [ARGUMENT...]
start_web() {
    docker rm --force web-under-test >/dev/null 2>&1 || true # it may not be there
    docker run --detach --init --name web-under-test --publish 127.0.0.1::3000 "$@" >&2
    docker port web-under-test 3000/tcp | cut -d : -f 2
}

# Fails unless the web server at PORT serves the pages as production does.
web_is_served() {
    local url="http://127.0.0.1:$1"
    eventually 60 curl -fsS "$url/"
    curl -fsS "$url/" | grep -qF '<title>'
    curl -fsS "$url/meetings" | grep -qF '<title>'
    # The page is the same whatever the code.
    cmp <(curl -fsS "$url/join/abc-defg-hij") <(curl -fsS "$url/join")
    curl -fsS -D - -o /dev/null "$url$(curl -fsS "$url/" | grep -o '/_next/static/[^"]*\.js' | head -n 1)" |
        grep -qi '^cache-control: .*immutable'
    [[ "$(curl -sS -o /dev/null -w '%{http_code}' "$url/nowhere")" == 404 ]]
}

@test "the frontend's release image serves the static pages, not as root" {
    needs_frontend
    cd "$CHECKOUT"
    [[ "$(build_web "$(dpkg --print-architecture)")" == "$(dpkg --print-architecture)" ]]
    [[ "$(docker run --rm --entrypoint id livekit-conference-frontend:latest -u)" == 1000 ]]
    web_is_served "$(start_web livekit-conference-frontend:latest)"
}

@test "the frontend's release image for the other architecture is made on this one, and serves in an emulator" {
    needs_frontend
    cd "$CHECKOUT"
    local architecture=arm64 machine=aarch64 image emulator port
    [[ "$(dpkg --print-architecture)" != arm64 ]] || architecture=amd64 machine=x86_64
    emulator="$(command -v "qemu-$machine-static" "qemu-$machine" | head -n 1)" || skip "no emulator: apt-get install qemu-user-static"
    image="$(sed -n 's/^FROM \(caddy:[^ ]*\).*/\1/p' compose-dev/frontend.Dockerfile)"
    # Images made on this machine have one architecture a name.
    if docker image inspect "$image-foreign" >/dev/null 2>&1; then
        docker tag "$image" "$image-own"
        docker tag "$image-foreign" "$image"
    fi
    [[ "$(build_web "$architecture")" == "$architecture" ]]
    # The emulator is given to the container rather than registered with this machine's kernel.
    port="$(start_web --no-healthcheck --platform "linux/$architecture" --volume "$emulator:/emulator:ro" --entrypoint /emulator \
        livekit-conference-frontend:latest /usr/bin/caddy run --config /etc/caddy/Caddyfile --adapter caddyfile)"
    web_is_served "$port"
}

@test "down with --volumes leaves nothing" {
    compose --profile egress --profile observability down --volumes 3>&-
    [[ -z "$(docker ps --all --quiet --filter label=com.docker.compose.project=livekit-conference)" ]]
    [[ -z "$(docker volume ls --quiet --filter label=com.docker.compose.project=livekit-conference)" ]]
}
