# shellcheck shell=bash
# What `dev` does: configuration, services in order, their state. Sourced by dev after the other files.
# Uses STATE (the state folder), RUN_FOLDER and LOG_FOLDER.

# In the order of starting; stopped in reverse.
DEV_SERVICES=(postgres redis s3 livekit api frontend)

# Makes the state folder and the secrets in it.
dev_prepare_state() {
    local name
    # PostgreSQL's account goes through it, so others may enter, but not look.
    ensure_folder "$STATE" 711
    for name in run logs bin; do ensure_folder "$STATE/$name" 700; done
    [[ ! -f "$STATE/secrets" ]] || return 0
    install_file "$STATE/secrets" 600 <<C
POSTGRES_PASSWORD=$(random_secret)
REDIS_PASSWORD=$(random_secret)
LIVEKIT_API_KEY=dev$(random_secret 12)
LIVEKIT_API_SECRET=$(random_secret 48)
SESSION_SECRET=$(random_secret 48)
C
}

# Sets the variable PORT_<SERVICE>: the running one's, the wished one, or the default and else the next free one.
# dev_choose_port SERVICE DEFAULT WISH
dev_choose_port() {
    local service="$1" default="$2" wish="$3" recorded port
    recorded="$(cat "$RUN_FOLDER/$service.port" 2>/dev/null || true)" # there is none at first
    if process_is_running "$service" && [[ -n "$recorded" ]]; then
        [[ -z "$wish" || "$wish" == "$recorded" ]] || fail "$service already runs on port $recorded, not on $wish" "" \
            "ansible-free-scripts/dev down, then this again"
        port="$recorded"
    elif [[ -n "$wish" ]]; then
        [[ "$wish" =~ ^[0-9]+$ ]] || fail "the port of $service is not a number: $wish" "" "choose a port from 1024 to 65535"
        port_is_free "$wish" || fail "port $wish, asked for $service, is taken" "" "choose another one, or none"
        port="$wish"
    else
        port="$(port_free_from "$default")"
        [[ "$port" == "$default" ]] || note "port $default is taken by something else: $service will use $port"
    fi
    printf -v "PORT_${service^^}" '%s' "$port"
}

# Decides every port.
dev_choose_ports() {
    dev_choose_port postgres 5432 "${DEV_POSTGRES_PORT:-}"
    dev_choose_port redis 6379 "${DEV_REDIS_PORT:-}"
    dev_choose_port s3 4566 "${DEV_S3_PORT:-}"
    dev_choose_port livekit 7880 "${DEV_LIVEKIT_PORT:-}"
    dev_choose_port api 3001 "${DEV_API_PORT:-}"
    dev_choose_port frontend 3000 "${DEV_FRONTEND_PORT:-}"
}

# Writes the API's env file. Says changed when it differs from the one before.
dev_write_environment() {
    local POSTGRES_PASSWORD REDIS_PASSWORD LIVEKIT_API_KEY LIVEKIT_API_SECRET SESSION_SECRET
    # shellcheck source=/dev/null
    source "$STATE/secrets"
    if install_file "$STATE/dev.env" 600 <<C; then
# Made by ansible-free-scripts/dev up; changes made by hand are lost.
APP_ENV=local
LISTEN=127.0.0.1:$PORT_API
PUBLIC_URL=http://localhost:$PORT_API
FRONTEND_URL=http://localhost:$PORT_FRONTEND
MIGRATIONS_DIR=$ROOT/migrations
DATABASE_URL=postgresql://livekit_conference:$POSTGRES_PASSWORD@127.0.0.1:$PORT_POSTGRES/livekit_conference
REDIS_URL=redis://default:$REDIS_PASSWORD@127.0.0.1:$PORT_REDIS
S3_ENDPOINT=http://127.0.0.1:$PORT_S3
S3_ACCESS_KEY=$S3_ACCESS_KEY
S3_SECRET_KEY=$S3_SECRET_KEY
S3_BUCKET=livekit-conference
S3_REGION=us-east-1
LIVEKIT_URL=http://127.0.0.1:$PORT_LIVEKIT
LIVEKIT_PUBLIC_URL=ws://localhost:$PORT_LIVEKIT
LIVEKIT_API_KEY=$LIVEKIT_API_KEY
LIVEKIT_API_SECRET=$LIVEKIT_API_SECRET
SESSION_SECRET=$SESSION_SECRET
LOG_FORMAT=text
C
        step_changed
    fi
}

# Builds the program and puts it into the state folder, so that a later build doesn't pull it from under the running one.
dev_build() {
    local built
    if [[ -n "${DEV_API_BIN:-}" ]]; then
        built="$DEV_API_BIN"
    else
        note "swift build -c release (several minutes the first time; log: $LOG_FOLDER/build.log)"
        run_logged "$LOG_FOLDER/build.log" "swift build" "correct what the compiler says, then run this again" \
            swift build -c release --package-path "$ROOT" --product livekit-conference
        built="$(swift build -c release --package-path "$ROOT" --show-bin-path)/livekit-conference"
    fi
    if install_file "$STATE/bin/livekit-conference" 755 <"$built"; then
        step_changed
    fi
}

# Runs the program with the generated configuration and nothing from the caller's environment: dev_program ARGUMENT...
dev_program() {
    local subcommand="$1"
    shift
    env -i PATH="$PATH" HOME="$HOME" LANG=C.UTF-8 "$STATE/bin/livekit-conference" "$subcommand" \
        --env-file "$STATE/dev.env" "$@"
}

# Remembers that SERVICE was started on PORT.
dev_started() {
    printf '%s\n' "$2" >"$RUN_FOLDER/$1.port"
    step_changed
}

dev_start_postgres() {
    local POSTGRES_PASSWORD
    process_is_running postgres && return 0
    # shellcheck source=/dev/null
    POSTGRES_PASSWORD="$(source "$STATE/secrets" && printf '%s' "$POSTGRES_PASSWORD")"
    postgres_initialise "$STATE/postgres" livekit_conference "$POSTGRES_PASSWORD"
    postgres_start postgres "$STATE/postgres" "$PORT_POSTGRES"
    dev_started postgres "$PORT_POSTGRES"
}

dev_start_redis() {
    local REDIS_PASSWORD
    process_is_running redis && return 0
    # shellcheck source=/dev/null
    REDIS_PASSWORD="$(source "$STATE/secrets" && printf '%s' "$REDIS_PASSWORD")"
    redis_configure "$STATE/redis" "$PORT_REDIS" "$REDIS_PASSWORD" 256mb || true # unchanged is fine
    redis_start redis "$STATE/redis" "$PORT_REDIS" "$REDIS_PASSWORD"
    dev_started redis "$PORT_REDIS"
}

dev_start_s3() {
    process_is_running s3 && return 0
    s3_start s3 "$STATE/s3" "$PORT_S3"
    if [[ -f "$STATE/s3/objects/index.json" ]]; then
        run_logged "$LOG_FOLDER/s3-copy.log" "restoring the objects of the last dev down" \
            "look into $STATE/s3/objects; deleting that folder starts without them" \
            s3_copy restore "$PORT_S3" "$STATE/s3/objects"
    fi
    dev_started s3 "$PORT_S3"
}

dev_start_livekit() {
    local LIVEKIT_API_KEY LIVEKIT_API_SECRET differs=1
    if [[ -z "$LIVEKIT_BIN" ]]; then
        step_left_out
        return 0
    fi
    # shellcheck source=/dev/null
    source "$STATE/secrets"
    livekit_configure "$STATE/livekit" "$PORT_LIVEKIT" "$LIVEKIT_API_KEY" "$LIVEKIT_API_SECRET" \
        "http://127.0.0.1:$PORT_API/webhooks/livekit" || differs=0
    if process_is_running livekit; then
        [[ "$differs" == 1 ]] || return 0
        process_stop livekit 30 || true # it may just have ended
    fi
    livekit_start livekit "$STATE/livekit" "$PORT_LIVEKIT"
    dev_started livekit "$PORT_LIVEKIT"
}

# What the API's state follows from: program, configuration, migrations.
dev_api_stamp() {
    cat "$STATE/bin/livekit-conference" "$STATE/dev.env" "$ROOT"/migrations/*.sql 2>/dev/null | sha256sum
}

# True when the API runs and neither program nor configuration nor migrations changed since.
dev_api_is_current() {
    process_is_running api && [[ "$(cat "$RUN_FOLDER/api.stamp" 2>/dev/null)" == "$(dev_api_stamp)" ]]
}

dev_migrate() {
    ! dev_api_is_current || return 0
    run_logged "$LOG_FOLDER/migrate.log" "livekit-conference migrate" \
        "correct what it says; ansible-free-scripts/dev reset starts with an empty database" dev_program migrate
    step_changed
}

dev_seed() {
    ! dev_api_is_current || return 0
    local advice="correct what it says; ansible-free-scripts/dev reset starts with an empty database"
    install -m 600 /dev/null "$STATE/seed.txt"
    dev_program seed >"$STATE/seed.txt" 2>>"$LOG_FOLDER/seed.log" </dev/null ||
        fail "livekit-conference seed" "$(log_tail "$LOG_FOLDER/seed.log")" "$advice"
    step_changed
}

dev_start_api() {
    ! dev_api_is_current || return 0
    process_stop api 30 || true # it does not run at first
    process_start api "$LOG_FOLDER/api.log" env -i PATH="$PATH" HOME="$HOME" LANG=C.UTF-8 \
        "$STATE/bin/livekit-conference" serve --env-file "$STATE/dev.env"
    process_wait api 60 "$LOG_FOLDER/api.log" curl -fsS --max-time 5 "http://127.0.0.1:$PORT_API/health/ready"
    process_wait api 10 "$LOG_FOLDER/api.log" dev_health
    dev_api_stamp >"$RUN_FOLDER/api.stamp"
    dev_started api "$PORT_API"
}

# What /health says, whatever its status.
dev_health() {
    curl -sS --max-time 5 "http://127.0.0.1:$PORT_API/health"
}

dev_start_frontend() {
    if [[ -n "$FRONTEND_REASON" ]]; then
        step_left_out
        return 0
    fi
    process_is_running frontend && return 0
    frontend_start frontend "$PORT_FRONTEND" "http://localhost:$PORT_API"
    dev_started frontend "$PORT_FRONTEND"
}

# Stops one service as it wants to be stopped; not running is fine.
dev_stop_service() {
    local service="$1"
    case "$service" in
        postgres)
            if postgres_stop postgres 60; then step_changed; fi
            ;;
        s3)
            dev_save_objects
            if process_stop s3 20; then step_changed; fi
            ;;
        *)
            if process_stop "$service" 30; then step_changed; fi
            ;;
    esac
}

# Stops every service in reverse order.
dev_stop_everything() {
    local position
    for ((position = ${#DEV_SERVICES[@]} - 1; position >= 0; position--)); do
        step "Stopping ${DEV_SERVICES[position]}" dev_stop_service "${DEV_SERVICES[position]}"
    done
}

# Keeps the objects of the S3 service, which holds them in memory only.
dev_save_objects() {
    process_is_running s3 || return 0
    [[ "${DEV_KEEP_OBJECTS:-1}" == 1 ]] || return 0
    # It runs, so its environment is there; this only finds it.
    ensure_s3
    run_logged "$LOG_FOLDER/s3-copy.log" "saving the objects in S3" \
        "kill $(process_pid s3) to stop it without saving, then run this again" \
        s3_copy save "$(cat "$RUN_FOLDER/s3.port")" "$STATE/s3/objects"
}

# One line for SERVICE: state, process, port, since.
dev_service_status() {
    local service="$1" pid
    if pid="$(process_pid "$service")"; then
        printf '%-10s %-9s %-8s %-6s %s\n' "$service" running "$pid" "$(cat "$RUN_FOLDER/$service.port" 2>/dev/null || true)" \
            "$(process_since "$service")"
    elif [[ -f "$RUN_FOLDER/$service.pid" ]]; then
        printf '%-10s %-9s its log: %s\n' "$service" crashed "$LOG_FOLDER/$service.log"
    else
        printf '%-10s %s\n' "$service" stopped
    fi
}

# A line for every service.
dev_status() {
    local service
    for service in "${DEV_SERVICES[@]}"; do
        dev_service_status "$service"
    done
}
