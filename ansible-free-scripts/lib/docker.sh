# shellcheck shell=bash
# A Docker engine for tests: the one that runs, or one of our own with its data in a folder that is deleted afterwards.
# Sourced after common.sh, folders.sh, packages.sh, processes.sh and redis.sh.

# The folder of our own engine; empty while another one is used. Set by docker_prepare.
DOCKER_FOLDER=""

# Sets the folder, and DOCKER_HOST for whatever runs docker, when no engine answers.
docker_prepare() {
    ! docker_answers || return 0
    DOCKER_FOLDER="$(cache_folder)/docker"
    export DOCKER_HOST="unix://$DOCKER_FOLDER/docker.sock"
}

# True when an engine answers.
docker_answers() {
    have docker && docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# Installs the engine with its client, and the plugins for Compose and builds.
ensure_docker() {
    docker_answers || ensure_packages_unstarted docker.io iptables
    have docker || ensure_packages docker-cli
    [[ "$CHECK_ONLY" == 0 ]] || return 0
    # A client's own folder, so that the user's settings and credentials stay out of it.
    export DOCKER_CONFIG
    DOCKER_CONFIG="$(cache_folder)/docker-client"
    mkdir -p "$DOCKER_CONFIG/cli-plugins"
    ensure_docker_plugin compose "$COMPOSE_MINIMUM" docker-compose docker-compose-v2
    ensure_docker_plugin buildx "$BUILDX_MINIMUM" docker-buildx
}

# The version of the plugin NAME; empty when there is none.
docker_plugin_version() {
    docker "$1" version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1
}

# Makes sure that the plugin is there: ensure_docker_plugin NAME MINIMUM PACKAGE...
# Where the distribution has none that is new enough, it is Debian 13's program, which runs on older releases as well.
ensure_docker_plugin() {
    local name="$1" minimum="$2" package version
    shift 2
    version="$(docker_plugin_version "$name")" || version=""
    [[ -z "$version" ]] || ! version_at_least "$version" "$minimum" || return 0
    for package in "$@"; do
        version="$(package_candidate "$package")"
        if [[ -n "$version" ]] && version_at_least "${version%%[+~-]*}" "$minimum"; then
            ensure_packages "$package"
            return 0
        fi
    done
    docker_fetch_plugin "$name" "$1"
}

# Unpacks Debian 13's PACKAGE, which apt checks by Debian's keys, and makes its program a plugin: docker_fetch_plugin NAME PACKAGE
docker_fetch_plugin() {
    local name="$1" package="$2" folder log="$LOG_FOLDER/docker.log" options
    local advice="install Docker's plugin $name by hand (docs.docker.com/$name) so that 'docker $name version' works"
    changing "Docker's plugin $name from Debian 13's package $package into $DOCKER_CONFIG" || return 0
    folder="$(mktemp -d)"
    mkdir -p "$folder"/{lists,cache/archives}/partial
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main\n' \
        >"$folder/sources.list"
    options=(-q -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$folder/lists"
        -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root)
    run_logged "$log" "reading Debian 13's package lists" "$advice" apt-get "${options[@]}" update
    run_logged "$log" "downloading $package" "$advice" env -C "$folder" apt-get "${options[@]}" download "$package"
    run_logged "$log" "unpacking $package" "$advice" dpkg-deb --extract "$folder/$package"_*.deb "$folder/files"
    install -m 755 "$folder/files/usr/libexec/docker/cli-plugins/docker-$name" "$DOCKER_CONFIG/cli-plugins/"
    rm -rf "$folder"
}

# Starts our own engine, unless another one answers. What it does to the machine's network is written down first.
docker_start() {
    # Its record is in its own folder, where the next run finds it.
    # shellcheck disable=SC2034 # read by the functions for processes
    local RUN_FOLDER="$DOCKER_FOLDER"
    [[ -n "$DOCKER_FOLDER" ]] || return 0
    exec 9>"$DOCKER_FOLDER.lock"
    if ! flock -n 9; then
        note "waiting for another run that has its engine in $DOCKER_FOLDER"
        flock 9
    fi
    # It may have been left behind by a run that was killed.
    docker_stop
    mkdir -p "$DOCKER_FOLDER/before"
    docker_network_state "$DOCKER_FOLDER/before"
    process_start docker "$LOG_FOLDER/dockerd.log" dockerd --host "$DOCKER_HOST" --data-root "$DOCKER_FOLDER/data" \
        --exec-root "$DOCKER_FOLDER/exec" --pidfile "$DOCKER_FOLDER/pid"
    process_wait docker 60 "$LOG_FOLDER/dockerd.log" docker_answers
    step_changed
}

# Stops our own engine, and takes away what it made. Nothing to do is fine.
docker_stop() {
    # shellcheck disable=SC2034 # read by the functions for processes
    local RUN_FOLDER="$DOCKER_FOLDER" containers
    [[ -n "$DOCKER_FOLDER" && -d "$DOCKER_FOLDER/before" ]] || return 0
    if process_is_running docker && docker_answers; then
        containers="$(docker ps --all --quiet)"
        # shellcheck disable=SC2086 # one word a container
        [[ -z "$containers" ]] || docker rm --force --volumes $containers >/dev/null
        docker network prune --force >/dev/null
    fi
    process_stop docker 60 || true # it may have failed to start
    docker_restore_network "$DOCKER_FOLDER/before"
    awk -v folder="$DOCKER_FOLDER/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | tac | xargs -r umount
    rm -rf "$DOCKER_FOLDER"
}

# Writes down the firewall's rules, forwarding, and the bridge: docker_network_state FOLDER
docker_network_state() {
    local program
    for program in iptables ip6tables; do
        # Looking at a table makes it, with the policies that it starts with. A machine may be without IPv6.
        { "$program" -n -L && "$program" -n -t nat -L; } >/dev/null 2>&1 || continue
        "$program-save" >"$1/$program"
    done
    sysctl -n net.ipv4.ip_forward >"$1/ip_forward"
    [[ ! -e /sys/class/net/docker0 ]] || touch "$1/docker0"
}

# Takes back what was added since docker_network_state, and nothing else: docker_restore_network FOLDER
docker_restore_network() {
    local program
    for program in iptables ip6tables; do
        [[ ! -f "$1/$program" ]] || docker_restore_rules "$program" "$1/$program"
    done
    sysctl -qw "net.ipv4.ip_forward=$(<"$1/ip_forward")"
    if [[ ! -e "$1/docker0" && -e /sys/class/net/docker0 ]]; then
        ip link delete docker0
    fi
}

# The lines of iptables-save with their table in front, without counters.
docker_rules() {
    awk '/^\*/ { table = substr($0, 2) } /^:/ { print table, $1, $2 } /^-A/ { print table, $0 }' | sort
}

# Deletes rules and chains that are not in FILE, and sets the policies that it has: docker_restore_rules PROGRAM FILE
docker_restore_rules() {
    local program="$1" file="$2" table line
    # Rules first, since a chain that is used can't be deleted.
    while read -r table line; do
        case "$line" in
            # xargs takes the quotes away as the shell would.
            -A*) xargs "$program" -t "$table" -D <<<"${line#-A}" ;;
        esac
    done < <(comm -13 <(docker_rules <"$file") <("$program-save" | docker_rules))
    while read -r table line; do
        case "$line" in
            ":"*" -") "$program" -t "$table" -X "$(cut -d ' ' -f 1 <<<"${line#:}")" ;;
        esac
    done < <(comm -13 <(docker_rules <"$file") <("$program-save" | docker_rules))
    while read -r table line; do
        case "$line" in
            ":"*" -") ;;
            ":"*) "$program" -t "$table" -P "$(cut -d ' ' -f 1 <<<"${line#:}")" "${line##* }" ;;
        esac
    done < <(comm -23 <(docker_rules <"$file") <("$program-save" | docker_rules))
}

# The address that containers reach this machine by.
docker_machine_address() {
    ip -4 -o address show docker0 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }'
}

# True when images can be pulled from Docker Hub.
docker_registry_answers() {
    [[ "$(curl -sS --max-time 15 -o /dev/null -w '%{http_code}' https://registry-1.docker.io/v2/ 2>/dev/null)" == 401 ]]
}
