# shellcheck shell=bash
# An S3 service for development and tests: LocalStack, or moto where no Python is new enough. Sourced after common.sh,
# python.sh and processes.sh.

# Both take any key, but LocalStack checks signatures against exactly these.
S3_ACCESS_KEY="test"
S3_SECRET_KEY="test"

# Makes sure that an S3 service can be started; sets S3_KIND (localstack or moto) and S3_PYTHON.
ensure_s3() {
    local interpreter
    if environment_is_complete localstack "${LOCALSTACK_REQUIREMENTS[@]}" ||
        environment_is_complete localstack "${LOCALSTACK_OLDER_REQUIREMENTS[@]}"; then
        S3_KIND=localstack
    elif interpreter="$(python_find "$LOCALSTACK_PYTHON_MINIMUM")"; then
        S3_KIND=localstack
        ensure_environment localstack "$interpreter" "${LOCALSTACK_REQUIREMENTS[@]}"
    elif interpreter="$(python_find "$LOCALSTACK_OLDER_PYTHON_MINIMUM")"; then
        S3_KIND=localstack
        ensure_environment localstack "$interpreter" "${LOCALSTACK_OLDER_REQUIREMENTS[@]}"
    elif interpreter="$(python_find 3.9)"; then
        S3_KIND=moto
        note "no Python >= $LOCALSTACK_OLDER_PYTHON_MINIMUM here: moto stands in for LocalStack. It is WEAKER: it checks no signatures."
        note "for LocalStack, put a python3.11 or newer on PATH (Ubuntu 22.04: apt-get install python3.11-venv, from universe)"
        ensure_environment moto "$interpreter" "${MOTO_REQUIREMENTS[@]}"
    elif [[ "$CHECK_ONLY" == 1 ]]; then
        changing "a Python environment with LocalStack, or with moto where Python is older than 3.11" || return 0
    else
        fail "no Python that can make environments" "" "sudo apt-get install python3-venv"
    fi
    S3_PYTHON="$(cache_folder)/$S3_KIND/bin/python"
}

# Starts the S3 service with its files in FOLDER: s3_start NAME FOLDER PORT
s3_start() {
    local name="$1" folder="$2" port="$3" log="$LOG_FOLDER/$1.log"
    install -d -m 700 "$folder" "$folder/tmp"
    # LocalStack's default server, twisted, listens on every address whatever GATEWAY_LISTEN says.
    if [[ "$S3_KIND" == localstack ]]; then
        process_start "$name" "$log" env -C "$folder" \
            SERVICES=s3 GATEWAY_LISTEN="127.0.0.1:$port" LOCALSTACK_HOST="localhost:$port" S3_SKIP_SIGNATURE_VALIDATION=0 \
            EAGER_SERVICE_LOADING=1 DISABLE_EVENTS=1 SKIP_SSL_CERT_DOWNLOAD=1 DNS_ADDRESS=0 GATEWAY_SERVER=hypercorn LS_LOG=warn \
            FILESYSTEM_ROOT="$folder/localstack" XDG_CACHE_HOME="$folder/cache" TMPDIR="$folder/tmp" \
            "$S3_PYTHON" -m localstack.runtime.main
        process_wait "$name" 180 "$log" localstack_answers "$port"
    else
        process_start "$name" "$log" env -C "$folder" TMPDIR="$folder/tmp" \
            "$S3_PYTHON" -m moto.server -H 127.0.0.1 -p "$port"
        process_wait "$name" 180 "$log" curl -fsS --max-time 2 "http://127.0.0.1:$port/moto-api/"
    fi
}

# True when LocalStack on PORT says that its S3 runs; it can be up while S3 itself failed to load.
localstack_answers() {
    curl -fsS --max-time 2 "http://127.0.0.1:$1/_localstack/health" | grep -qE '"s3": "(running|available)"'
}

# Neither service keeps its objects on disk by itself. Copies them between the service on PORT and FOLDER:
# s3_copy save|restore PORT FOLDER
s3_copy() {
    AWS_ACCESS_KEY_ID="$S3_ACCESS_KEY" AWS_SECRET_ACCESS_KEY="$S3_SECRET_KEY" \
        "$S3_PYTHON" "$ROOT/ansible-free-scripts/lib/s3_copy.py" "$1" "http://127.0.0.1:$2" "$3"
}
