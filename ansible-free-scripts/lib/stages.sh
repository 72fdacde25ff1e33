# shellcheck shell=bash
# The stages of `test`. Each function stage_NAME does the work, writes its output to standard output, and ends with
# `counted PASSED FAILED SKIPPED`; a failing command ends it. prepare_NAME runs before it in the same subshell, shows its progress
# to whoever watches, and may install things and start services. Sourced by test after the other files.

# shellcheck disable=SC2034 # read by test
STAGES=(scripts format build unit integration system openapi sanitize-thread frontend browser dev faults packages arm64 deploy oci compose)

# Those that run only when --only names them: they take long, and much of the machine.
# shellcheck disable=SC2034 # read by test
STAGES_ON_REQUEST=(packages arm64 deploy oci compose)

# One line on a stage.
stage_description() {
    case "$1" in
        scripts) printf 'shellcheck of every shell script, bats tests of the shell functions, what the documentation names' ;;
        format) printf 'swift format lint --strict' ;;
        build) printf 'debug build of everything for the address sanitizer, warnings are errors' ;;
        unit) printf 'Swift tests that need no service, under the address sanitizer' ;;
        integration) printf 'Swift tests with real PostgreSQL, Redis and S3, under the address sanitizer' ;;
        system) printf 'pytest: the release build as a process, with real services' ;;
        openapi) printf 'schemathesis: every operation of the API against its own description' ;;
        sanitize-thread) printf 'unit and integration tests under the thread sanitizer' ;;
        frontend) printf 'types, lint, unit tests, static export of the frontend and its size' ;;
        browser) printf 'Playwright: the pages in Chromium against the running system' ;;
        dev) printf 'dev up, up again, down, up, reset with the release build' ;;
        faults) printf 'what the server depends on is broken under load by seeded schedules; nothing it promised may be lost' ;;
        packages) printf 'the Debian packages, installed on a minimal system that boots: systemd, upgrades, faults' ;;
        arm64) printf 'the Debian packages cross-built for arm64, installed on an emulated Ampere machine' ;;
        deploy) printf 'deploy, upgrade, roll back over SSH to a system that boots, with its firewall judged by packets' ;;
        oci) printf "provision-oci and destroy-oci by Oracle's own client on a stand-in of its API" ;;
        compose) printf 'compose-dev/ on a real Docker engine: up, hot reload, restarts, data, release images' ;;
    esac
}

# Says how many tests a stage ran. A stage that ran none, or had failures, ends as failed.
counted() {
    printf '%s %s %s\n' "$1" "$2" "$3" >"$STAGE_COUNTS"
    if (($1 + $2 + $3 == 0)); then
        printf 'no test was run\n'
        return 1
    fi
    (($2 == 0))
}

# Ends a stage that cannot run here, with the reason.
skip_stage() {
    printf '%s\n' "$1" >"$STAGE_REASON"
    exit 77
}

# Runs COMMAND into LOG and shows it as well; the exit status is COMMAND's.
recorded() {
    local log="$1" status=0
    shift
    "$@" >"$log" 2>&1 </dev/null || status=$?
    cat "$log"
    return "$status"
}

# Every shell script of the repository.
shell_scripts() {
    git -C "$ROOT" ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
        case "$file" in
            *.sh | *.bats) printf '%s\0' "$ROOT/$file" ;;
            *.*) ;;
            *) head -n 1 "$ROOT/$file" 2>/dev/null | grep -qaE '^#!.*\b(ba)?sh\b' && printf '%s\0' "$ROOT/$file" ;;
        esac || true # not a script
    done
}

prepare_scripts() {
    step "Packages" ensure_packages shellcheck bats git curl gnupg procps python3 python3-venv man-db
    step "promtool" ensure_unpacked prometheus
}

stage_scripts() {
    local status=0 passed failed skipped
    shell_scripts | xargs -0 -r shellcheck -x --
    printf 'shellcheck: clean\n'
    recorded "$STAGE_FOLDER/bats.tap" bats --formatter tap "$ROOT/Tests/System/scripts" || status=$?
    read -r passed failed skipped <<<"$(count_tap "$STAGE_FOLDER/bats.tap")"
    # The run of shellcheck is one more.
    counted $((passed + 1)) "$failed" "$skipped" && return "$status"
}

prepare_format() {
    prepare_swift
}

stage_format() {
    cd "$ROOT" || return
    swift format lint --strict --recursive --parallel Sources Tests Package.swift
    counted 1 0 0
}

# Swift and the C libraries, once.
prepare_swift() {
    step "Packages for building" ensure_build_packages
    step "Swift" ensure_swift
}

prepare_build() {
    prepare_swift
}

# Builds the tests in a folder of their own, because other flags than a developer's build everything anew.
stage_build() {
    debug_build
    counted 1 0 0
}

debug_build() {
    sanitized_build address -Xswiftc -warnings-as-errors
}

# Builds the tests for a sanitizer: sanitized_build SANITIZER [OPTION...]
sanitized_build() {
    swift build --package-path "$ROOT" --scratch-path "$ROOT/.build-$1" --build-tests --sanitize="$1" "${@:2}"
}

# Which tests need no service, and which do. Those run one after the other: they share the services and watch the clock, which
# two cores don't bear at once.
UNIT_TESTS=(--skip '^IntegrationTests\.')
INTEGRATION_TESTS=(--no-parallel --filter '^IntegrationTests\.')

# Runs Swift tests that were built for a sanitizer and adds to the stage's counts: swift_tests SANITIZER [OPTION...]
# Leaks are not looked for: the Swift runtime's own caches are reported as such.
swift_tests() {
    local sanitizer="$1" log status=0 counts=(0 0 0) passed failed skipped
    shift
    log="$(mktemp "$STAGE_FOLDER/swift-test.XXXXXX.log")"
    [[ ! -e "$STAGE_COUNTS" ]] || read -r -a counts <"$STAGE_COUNTS"
    ASAN_OPTIONS="detect_leaks=0 ${ASAN_OPTIONS:-}" TSAN_OPTIONS="halt_on_error=0 exitcode=66 ${TSAN_OPTIONS:-}" \
        recorded "$log" swift test --package-path "$ROOT" --scratch-path "$ROOT/.build-$sanitizer" --sanitize="$sanitizer" \
        --skip-build --disable-xctest "$@" || status=$?
    read -r passed failed skipped <<<"$(count_swift_testing "$log")"
    # A crash is a failure also when no test said so.
    ((status == 0 || failed > 0)) || failed=1
    counted $((counts[0] + passed)) $((counts[1] + failed)) $((counts[2] + skipped)) && return "$status"
}

prepare_unit() {
    prepare_swift
}

stage_unit() {
    debug_build
    swift_tests address "${UNIT_TESTS[@]}"
}

# The services, started before the first stage that needs them and kept for the others.
prepare_services() {
    step "What the services need" ensure_test_services
    if [[ "$CHECK_ONLY" == 0 ]]; then step "Starting the services" test_services_start; fi
}

prepare_integration() {
    prepare_swift
    prepare_services
}

stage_integration() {
    debug_build
    swift_tests address "${INTEGRATION_TESTS[@]}"
}

# The Python environment of Tests/System.
prepare_pytest() {
    step "Python environment" ensure_pytest
}

ensure_pytest() {
    local interpreter
    ensure_packages python3 python3-venv curl jq
    PYTEST_PYTHON="$(cache_folder)/system-tests/bin/python"
    ! environment_is_complete system-tests -r "$ROOT/Tests/System/requirements.txt" || return 0
    interpreter="$(python_find "$PYTEST_PYTHON_MINIMUM")" ||
        fail "no Python >= $PYTEST_PYTHON_MINIMUM for Tests/System" "" "install one so that python3 on PATH is new enough"
    ensure_environment system-tests "$interpreter" -r "$ROOT/Tests/System/requirements.txt"
}

prepare_system() {
    prepare_swift
    prepare_services
    prepare_pytest
}

# The program as it is shipped; sets LIVEKIT_CONFERENCE_BIN unless that names another one already.
release_build() {
    [[ -z "${LIVEKIT_CONFERENCE_BIN:-}" ]] || return 0
    swift build -c release --package-path "$ROOT" --product livekit-conference
    LIVEKIT_CONFERENCE_BIN="$(swift build -c release --package-path "$ROOT" --show-bin-path)/livekit-conference"
    export LIVEKIT_CONFERENCE_BIN
}

# Runs pytest in Tests/System: system_tests OPTION...
system_tests() {
    local log="$STAGE_FOLDER/pytest.log" status=0 passed failed skipped
    cd "$ROOT/Tests/System" || return
    recorded "$log" "$PYTEST_PYTHON" -m pytest -p no:cacheprovider --color=no --durations=5 "$@" || status=$?
    read -r passed failed skipped <<<"$(count_pytest "$log")"
    ((status == 0 || failed > 0 || passed + skipped == 0)) || failed=1
    counted "$passed" "$failed" "$skipped" && return "$status"
}

stage_system() {
    release_build
    system_tests -m "not openapi" -n 2
}

prepare_openapi() {
    prepare_system
}

stage_openapi() {
    release_build
    system_tests -m openapi
}

prepare_sanitize-thread() {
    prepare_integration
}

stage_sanitize-thread() {
    local status=0
    sanitized_build thread
    swift_tests thread "${UNIT_TESTS[@]}" || status=$?
    swift_tests thread "${INTEGRATION_TESTS[@]}" || status=$?
    return "$status"
}

prepare_frontend() {
    prepare_swift
    step "Frontend" ensure_frontend
}

# The description that its types are made of has to be the program's own.
stage_frontend() {
    local status=0 passed failed skipped
    [[ -z "$FRONTEND_REASON" ]] || skip_stage "$FRONTEND_REASON; make \`npm ping\` work"
    release_build
    cd "$FRONTEND" || return
    "$LIVEKIT_CONFERENCE_BIN" openapi | diff -u openapi.json - || {
        printf 'error: frontend/openapi.json drifted: livekit-conference openapi > frontend/openapi.json\n'
        return 1
    }
    NODE_OPTIONS=--test-reporter=tap recorded "$STAGE_FOLDER/check.tap" npm run --silent check || status=$?
    read -r passed failed skipped <<<"$(count_tap "$STAGE_FOLDER/check.tap")"
    # The size is that of what was just built.
    if NEXT_TELEMETRY_DISABLED=1 npm run --silent build && npm run --silent size; then
        passed=$((passed + 1))
    else
        status=1
    fi
    ((status == 0 || failed > 0)) || failed=1
    counted "$passed" "$failed" "$skipped" && return "$status"
}

prepare_browser() {
    prepare_swift
    prepare_services
    prepare_pytest
    step "Frontend" ensure_frontend
    step "Chromium" ensure_chromium
}

# The export is served as production would serve it. LiveKit is LIVEKIT_SERVER_BIN, else the stand-in, which the log says.
stage_browser() {
    local status=0 passed failed skipped
    [[ -z "$FRONTEND_REASON" ]] || skip_stage "$FRONTEND_REASON; make \`npm ping\` work"
    release_build
    cd "$FRONTEND" || return
    NEXT_TELEMETRY_DISABLED=1 npm run --silent build
    cd "$ROOT/Tests/Browser" || return
    ln -sfn ../../frontend/node_modules node_modules
    node_modules/.bin/tsc -p .
    node_modules/.bin/prettier --config "$FRONTEND/.prettierrc.json" --check ./*.ts
    mkdir -p "$STAGE_FOLDER/screenshots"
    BROWSER_TEST_PORT="$(port_random_free)" BROWSER_TEST_LOGS="$STAGE_FOLDER" BROWSER_TEST_PYTHON="$PYTEST_PYTHON" \
        FRONTEND_OUT="$FRONTEND/out" node_modules/.bin/playwright test || status=$?
    read -r passed failed skipped <<<"$(count_playwright "$STAGE_FOLDER/results.json")"
    ((status == 0 || failed > 0)) || failed=1
    counted "$passed" "$failed" "$skipped" && return "$status"
}

prepare_dev() {
    prepare_swift
    step "What the services need" ensure_test_services
    step "bats" ensure_packages bats
}

stage_dev() {
    local status=0 passed failed skipped
    release_build
    DEV_API_BIN="$LIVEKIT_CONFERENCE_BIN" recorded "$STAGE_FOLDER/dev.tap" \
        bats --formatter tap "$ROOT/Tests/System/dev" || status=$?
    read -r passed failed skipped <<<"$(count_tap "$STAGE_FOLDER/dev.tap")"
    counted "$passed" "$failed" "$skipped" && return "$status"
}

prepare_faults() {
    [[ "$EUID" == 0 ]] || skip_stage "only root can give the server a network of its own"
    step "Namespaces, packet filter, C compiler" ensure_packages iproute2 iptables gcc libc6-dev
    prepare_system
}

# FAULT_SCHEDULES says how many, FAULT_SEED where to begin.
stage_faults() {
    local log="$STAGE_FOLDER/report.txt" status=0 passed failed
    release_build
    FAULT_SERVER_LOG="$STAGE_FOLDER/server.log" recorded "$log" "$PYTEST_PYTHON" "$ROOT/Tests/System/faults/run.py" || status=$?
    passed="$(sed -n 's/^\([0-9]*\) schedules hold.*/\1/p' "$log")"
    failed="$(sed -n 's/.* schedules hold, \([0-9]*\) violated$/\1/p' "$log")"
    counted "${passed:-0}" "${failed:-1}" 0 && return "$status"
}

# Root makes and boots systems. What they are made of is kept in the cache folder.
prepare_packages() {
    [[ "$EUID" == 0 ]] || skip_stage "only root can boot a system in a container"
    step "systemd-nspawn, debootstrap, lintian" ensure_packages systemd-container debootstrap util-linux lintian dpkg-dev apt-utils gnupg busybox-static
    step "A minimal Debian" ensure_machine_root "$PACKAGES_SUITE"
    step "What the web application is built with" ensure_frontend
    prepare_pytest
}

# PACKAGES_BUILT_TWICE=1 builds them twice from nothing, and goes on only when both are the same to the byte.
stage_packages() {
    local work="$STAGE_FOLDER/work" status=0 options
    options=(--suite "$PACKAGES_SUITE" --upstream "$work/upstream" --only livekit-conference --only livekit-server --only livekit-egress)
    [[ -n "$FRONTEND_REASON" ]] || options+=(--only livekit-conference-web)
    # LiveKit's and Egress's releases are replaced by small programs: what is tested is how they are packed and run.
    "$ROOT/Tests/System/packages/upstream.sh" "$work/upstream" "$(dpkg --print-architecture)" /usr/bin/busybox
    if [[ "${PACKAGES_BUILT_TWICE:-0}" == 1 ]]; then
        "$ROOT/packaging/compare-builds" "${options[@]}"
        mv "$ROOT/.build-deb/compared/second" "$work/dist"
    else
        "$ROOT/packaging/build-deb" "${options[@]}" --output "$work/dist"
    fi
    fetch_dependencies "$work/dist"
    PACKAGES_UNDER_TEST="$work/dist" PACKAGES_ROOT="$MACHINE_ROOT" PACKAGES_DOWNLOADS="$(cache_folder)/apt-archives" \
        PACKAGES_WORK="$work" PACKAGES_WITHOUT_WEB="$FRONTEND_REASON" system_tests packages || status=$?
    rm -rf "$work"
    return "$status"
}

# An emulator, and a machine for it, which is kept in the cache folder.
prepare_arm64() {
    [[ "$EUID" == 0 ]] || skip_stage "only root can make the root file systems to build in and to boot"
    [[ "$CHECK_ONLY" == 1 ]] || have qemu-system-aarch64 || { apt_update && [[ -n "$(package_candidate qemu-system-arm)" ]]; } ||
        skip_stage "there is no emulator: apt has no package qemu-system-arm"
    step "QEMU, mmdebstrap, ssh" ensure_packages qemu-system-arm qemu-utils mmdebstrap debootstrap e2fsprogs kmod util-linux \
        dpkg-dev apt-utils gnupg openssh-client
    step "An arm64 Debian" ensure_arm64_machine "$PACKAGES_SUITE"
    prepare_pytest
}

# Without the web application, which is the same for every architecture. ARM64_PACKAGES_BUILT is a folder of packages to test
# instead of building them.
stage_arm64() {
    local work="$STAGE_FOLDER/work" built="${ARM64_PACKAGES_BUILT:-}" status=0
    mkdir -p "$work"
    if [[ -z "$built" ]]; then
        built="$work/dist"
        # As in the stage `packages`; the machine has a busybox of its architecture.
        "$ROOT/Tests/System/packages/upstream.sh" "$work/upstream" arm64 "$ARM64_MACHINE/busybox"
        "$ROOT/packaging/build-deb" --arch arm64 --suite "$PACKAGES_SUITE" --only livekit-conference --only livekit-server \
            --only livekit-egress --upstream "$work/upstream" --output "$built"
    fi
    PACKAGES_UNDER_TEST="$built" ARM64_MACHINE="$ARM64_MACHINE" PACKAGES_WORK="$work" \
        system_tests arm64 || status=$?
    rm -rf "$work"
    return "$status"
}

# The packages as in the stage before, on a system with SSH and a firewall.
prepare_deploy() {
    prepare_packages
    prepare_services
    step "ssh, iproute2, apt-utils" ensure_packages openssh-client iproute2 apt-utils gnupg
    step "A Debian with SSH" ensure_reachable_root "$PACKAGES_SUITE"
}

# LiveKit's stand-in takes part in the canary here. The web application is not needed.
stage_deploy() {
    local work="$STAGE_FOLDER/work" status=0
    mkdir -p "$work/livekit-server"
    cp "$ROOT"/Tests/System/stand_in_*.py "$work/livekit-server/"
    cp "$ROOT/Tests/System/deploy/livekit_server.py" "$work/livekit-server/__main__.py"
    python3 -m zipapp "$work/livekit-server" --python "/usr/bin/env python3" --output "$work/livekit-server.pyz"
    "$ROOT/Tests/System/packages/upstream.sh" "$work/upstream" "$(dpkg --print-architecture)" /usr/bin/busybox "$work/livekit-server.pyz"
    "$ROOT/packaging/build-deb" --suite "$PACKAGES_SUITE" --only livekit-conference --only livekit-server --only livekit-egress \
        --upstream "$work/upstream" --output "$work/dist"
    rm -f "$work"/dist/*-dbgsym_*
    MACHINE_ROOT="$REACHABLE_ROOT" fetch_dependencies "$work/dist"
    # For a host that looks at the keys of others' repositories, and for one that has a tunnel.
    alone_with_roots in_root "$REACHABLE_ROOT" apt-get -q -y --download-only install gpg openssh-client
    PACKAGES_UNDER_TEST="$work/dist" PACKAGES_ROOT="$REACHABLE_ROOT" PACKAGES_DOWNLOADS="$(cache_folder)/apt-archives" \
        PACKAGES_WORK="$work" system_tests deploy || status=$?
    rm -rf "$work"
    return "$status"
}

prepare_oci() {
    local interpreter
    step "curl, Python" ensure_packages curl python3 python3-venv
    interpreter="$(python_find "$PYTEST_PYTHON_MINIMUM")" ||
        fail "no Python >= $PYTEST_PYTHON_MINIMUM for Oracle's client" "" "install one so that python3 on PATH is new enough"
    step "Oracle's client" ensure_environment oci-client "$interpreter" "${OCI_CLIENT_REQUIREMENTS[@]}"
}

stage_oci() {
    PYTEST_PYTHON="$(cache_folder)/oci-client/bin/python"
    OCI_CLIENT_FOLDER="$(cache_folder)/oci-client/bin" system_tests oci --confcutdir oci -n 2
}

# Docker: the engine that runs, or one of our own. Images: from their registries, or stand-ins in our own engine.
prepare_compose() {
    docker_prepare
    step "bats, curl, git" ensure_packages bats curl git python3
    if [[ -n "$DOCKER_FOLDER" && "$EUID" != 0 ]]; then
        skip_stage "no Docker engine answers, and only root can start one"
    fi
    step "Docker" ensure_docker
    if [[ "$CHECK_ONLY" == 1 ]]; then
        step "What images are made of" ensure_images_prerequisites
        return 0
    fi
    trap 'npm_stop_serving; docker_stop' EXIT
    step "Starting Docker" docker_start
    step "npm packages for containers" compose_npm
    ! docker_registry_answers || return 0
    [[ -n "$DOCKER_FOLDER" ]] ||
        skip_stage "no image registry answers, and stand-ins for images are not put into an engine that is not ours"
    step "What images are made of" ensure_images_prerequisites
    step "Images" images_make
}

# Without npm packages the frontend's tests are left out, and everything else is tested.
compose_npm() {
    npm_serve_containers "$(docker_machine_address)" || {
        step_left_out
        note "the frontend is left out: $NPM_REASON; set NPM_CONFIG_REGISTRY to a registry that containers reach"
        export FRONTEND_REASON="$NPM_REASON"
    }
}

stage_compose() {
    local status=0 passed failed skipped
    recorded "$STAGE_FOLDER/compose.tap" bats --formatter tap "$ROOT/Tests/System/compose" || status=$?
    read -r passed failed skipped <<<"$(count_tap "$STAGE_FOLDER/compose.tap")"
    counted "$passed" "$failed" "$skipped" && return "$status"
}
