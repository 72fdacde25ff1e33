# shellcheck shell=bash
# PostgreSQL, Redis and S3 for tests, on free ports, with their files in a temporary folder. Sourced after the other files.

# Their folder: process ids, data, and the exported variables. Set by test_services_prepare.
TEST_SERVICES_FOLDER=""

# Makes the folder, so that test_services_stop finds what subshells started.
test_services_prepare() {
    TEST_SERVICES_FOLDER="$(mktemp -d "${TMPDIR:-/tmp}/livekit-conference-test.XXXXXX")"
    # PostgreSQL's account goes through it.
    chmod 711 "$TEST_SERVICES_FOLDER"
    RUN_FOLDER="$TEST_SERVICES_FOLDER/run"
    mkdir -m 700 "$RUN_FOLDER"
}

# Installs what the services need, by the distribution and by PyPI.
ensure_test_services() {
    ensure_packages ca-certificates curl python3 python3-venv
    ensure_redis
    ensure_postgres
    ensure_s3
}

# Starts the services, unless that was done before, and exports the variables TEST_* that tests read. Fast rather than safe:
# nothing is flushed to the disk.
test_services_start() {
    if [[ ! -f "$TEST_SERVICES_FOLDER/exports" ]]; then
        test_services_start_all
        step_changed
    fi
    # shellcheck source=/dev/null
    source "$TEST_SERVICES_FOLDER/exports"
}

# Starts each, and writes the variables into the folder.
test_services_start_all() {
    local postgres_port redis_port s3_port password user=""
    password="$(random_secret 20)"
    postgres_port="$(port_random_free)"
    postgres_initialise "$TEST_SERVICES_FOLDER/postgres" tests "$password"
    postgres_start postgres "$TEST_SERVICES_FOLDER/postgres" "$postgres_port" \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=500
    redis_port="$(port_random_free)"
    redis_configure "$TEST_SERVICES_FOLDER/redis" "$redis_port" "$password" 512mb || true # unchanged is fine
    redis_start redis "$TEST_SERVICES_FOLDER/redis" "$redis_port" "$password"
    s3_port="$(port_random_free)"
    s3_start s3 "$TEST_SERVICES_FOLDER/s3" "$s3_port"
    # As root, a test that starts a PostgreSQL of its own does so as this account.
    [[ "$EUID" != 0 ]] || user="$POSTGRES_ACCOUNT"
    install_file "$TEST_SERVICES_FOLDER/exports" 600 <<C
export TEST_DATABASE_URL="postgresql://tests:$password@127.0.0.1:$postgres_port/postgres"
export TEST_POSTGRES_BIN="$POSTGRES_BIN"
export TEST_POSTGRES_USER="$user"
export TEST_REDIS_URL="redis://default:$password@127.0.0.1:$redis_port"
export TEST_REDIS_SERVER="$(command -v redis-server)"
export TEST_S3_ENDPOINT="http://127.0.0.1:$s3_port"
export TEST_S3_ACCESS_KEY="$S3_ACCESS_KEY"
export TEST_S3_SECRET_KEY="$S3_SECRET_KEY"
export TEST_S3_KIND="$S3_KIND"
export TEST_S3_PYTHON="$S3_PYTHON"
C
}

# Stops the services in reverse order and deletes their files.
test_services_stop() {
    [[ -n "$TEST_SERVICES_FOLDER" ]] || return 0
    local name
    RUN_FOLDER="$TEST_SERVICES_FOLDER/run"
    for name in s3 redis; do
        process_stop "$name" 20 || true # a test may have ended it
    done
    postgres_stop postgres 20 || true # a test may have ended it
    rm -rf "$TEST_SERVICES_FOLDER"
    TEST_SERVICES_FOLDER=""
}
