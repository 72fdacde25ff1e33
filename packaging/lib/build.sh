# shellcheck shell=bash
# Turns the source packages in WORK into binary ones, on this machine or in a root file system of another release. Sourced by
# build-deb.

# Swift's own release has no package; then the profile leaves the dependency out.
UPSTREAM_SWIFT=pkg.livekit-conference.upstream-swift

# Makes BUILD_ROOT, or sets it empty for this machine.
ensure_build_environment() {
    BUILD_ROOT=""
    ensure_packages python3
    if [[ -z "$SUITE" ]]; then
        ensure_build_packages
        ensure_swift
        ensure_packages debhelper dpkg-dev g++ lld
        return 0
    fi
    [[ "$EUID" == 0 ]] || fail "a build for another release or architecture needs root" \
        "it makes a root file system with debootstrap" "run this with sudo"
    ensure_build_root
    [[ "$ARCHITECTURE" == "$(dpkg --print-architecture)" ]] || ensure_cross_root
}

# Makes BUILD_ROOT, a system of SUITE of this machine's architecture.
ensure_build_root() {
    BUILD_ROOT="$(roots_folder)/$SUITE-build"
    [[ ! -d "$BUILD_ROOT" ]] || return 0
    ensure_debian_root "$SUITE"
    changing "a root file system to build in, $BUILD_ROOT" || return 0
    copy_root "$DEBIAN_ROOT" "$BUILD_ROOT.new"
    build_in "$BUILD_ROOT.new" "apt-get install of the tools" apt-get -q -y install dpkg-dev debhelper
    mv "$BUILD_ROOT.new" "$BUILD_ROOT"
}

# Runs COMMAND in ROOT with WORK at /build, its output in a log: build_in ROOT WHAT COMMAND...
build_in() {
    local root="$1" what="$2"
    shift 2
    IN_ROOT_BIND_FROM="$WORK" IN_ROOT_BIND_TO=/build run_logged "$LOG_FOLDER/build.log" "$what" \
        "read $LOG_FOLDER/build.log" in_root "$root" "$@"
}

# Builds SOURCE's packages and moves them to OUTPUT.
build_source() {
    local source="$1" options=(-b -us -uc -nc "-a$ARCHITECTURE")
    export SOURCE_DATE_EPOCH DEB_BUILD_OPTIONS=nocheck
    SOURCE_DATE_EPOCH="$(source_date)"
    rm -f "$WORK"/*.deb "$WORK"/*.changes "$WORK"/*.buildinfo
    if [[ -n "$BUILD_ROOT" ]]; then
        alone_with_roots build_in "$BUILD_ROOT" "build dependencies of $source" apt-get -q -y "-a$ARCHITECTURE" build-dep "/build/$source"
        # shellcheck disable=SC2016 # expanded inside
        build_in "$BUILD_ROOT" "building $source" bash -c 'cd "/build/$1" && shift && dpkg-buildpackage "$@"' \
            build "$source" "${options[@]}"
    else
        [[ "$source" != livekit-conference ]] || options+=("-P$UPSTREAM_SWIFT")
        # shellcheck disable=SC2016
        run_logged "$LOG_FOLDER/build.log" "building $source" "read $LOG_FOLDER/build.log" \
            bash -c 'cd "$1" && shift && dpkg-buildpackage "$@"' build "$WORK/$source" "${options[@]}"
    fi
    write_sbom "$source"
    mv "$WORK"/*.deb "$OUTPUT/"
    step_changed
}

# What SOURCE's packages are made of, as SPDX, beside them.
# shellcheck disable=SC2153 # ROOT is of all.sh
write_sbom() {
    local source="$1" options=()
    case "$source" in
        livekit-conference-web) options=(--bundled "$WORK/bundled.json") ;;
        livekit-server | livekit-egress) options=(--upstream "$(upstream_fields "$source")") ;;
    esac
    run_logged "$LOG_FOLDER/sbom.log" "listing what the packages of $source are made of" "read $LOG_FOLDER/sbom.log" \
        "$ROOT/packaging/sbom" --source "$source" --buildinfo "$(compgen -G "$WORK/${source}_*.buildinfo")" "${options[@]}" \
        --output "$OUTPUT/${source}_$(package_version "$source")_$ARCHITECTURE.spdx.json" "$WORK"/*.deb
}
