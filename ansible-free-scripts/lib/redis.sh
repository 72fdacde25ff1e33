# shellcheck shell=bash
# Redis 7 or newer: installed, configured, started. Sourced after common.sh and processes.sh.

# The version of the redis-server on PATH; empty when there is none.
redis_version() {
    redis-server --version 2>/dev/null | sed -n 's/.* v=\([0-9.]*\).*/\1/p'
}

# Makes sure that a Redis new enough is there. The package's own service is not ours: it is left as it is, except that
# a service which this installation would start is kept from starting.
ensure_redis() {
    if [[ -z "$(redis_version)" ]]; then
        ensure_packages_unstarted redis-server
        [[ "$CHECK_ONLY" == 0 ]] || return 0
    fi
    version_at_least "$(redis_version)" "$REDIS_MINIMUM" || fail \
        "Redis $REDIS_MINIMUM or newer is needed, found $(redis_version)" "" \
        "install a newer Redis (packages.redis.io has packages for this release) so that 'redis-server' is on PATH"
}

# Like ensure_packages, while the packages' services are told not to start.
ensure_packages_unstarted() {
    local policy=/usr/sbin/policy-rc.d status=0
    if [[ "$CHECK_ONLY" == 1 || -e "$policy" ]]; then
        ensure_packages "$@"
        return 0
    fi
    require_root_access apt-get install "$@"
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    # In a subshell, so that the policy goes away also when the installation fails; what fails in it says so by itself.
    (ensure_packages "$@") || status=$?
    as_root rm -f "$policy"
    [[ "$status" == 0 ]] || exit "$status"
    step_changed
}

# Writes the configuration of a Redis that keeps its data in FOLDER: redis_configure FOLDER PORT PASSWORD MEMORY
# False when it was the same. Sessions must not be evicted, so a full memory is an error that is seen.
redis_configure() {
    local folder="$1" port="$2" password="$3" memory="$4"
    install -d -m 700 "$folder"
    install_file "$folder/redis.conf" 600 <<C
bind 127.0.0.1
port $port
${password:+requirepass $password}
dir $folder
appendonly yes
appendfsync everysec
maxmemory $memory
maxmemory-policy noeviction
save ""
daemonize no
C
}

# Starts the Redis of FOLDER: redis_start NAME FOLDER PORT PASSWORD
redis_start() {
    local name="$1" folder="$2" port="$3" password="$4"
    process_start "$name" "$LOG_FOLDER/$name.log" redis-server "$folder/redis.conf"
    process_wait "$name" 60 "$LOG_FOLDER/$name.log" redis_answers "$port" "$password"
}

# True when the Redis on PORT answers.
redis_answers() {
    [[ "$(REDISCLI_AUTH="$2" redis-cli -h 127.0.0.1 -p "$1" ping 2>/dev/null)" == PONG ]]
}
