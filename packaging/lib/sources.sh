# shellcheck shell=bash
# Lays out source packages in WORK: the tree with a debian folder, and what comes from upstream. Sourced by build-deb.

# The version of the program, from its one place.
program_version() {
    sed -n 's/.*static let version = "\(.*\)"/\1/p' "$ROOT/Sources/livekit-conference/CommandLine/VersionCommand.swift"
}

# The version of SOURCE's packages. The suite is part of it, because libraries differ from release to release.
package_version() {
    local upstream
    case "$1" in
        livekit-conference | livekit-conference-web) upstream="$(program_version)" ;;
        livekit-server) upstream="$LIVEKIT_RELEASE" ;;
        livekit-egress) upstream="$EGRESS_RELEASE" ;;
    esac
    printf '%s+%s%s' "$upstream" "$(suite_name)" "$REVISION"
}

# The name of the release that is built for.
suite_name() {
    local ID="" VERSION_CODENAME=""
    if [[ -n "$SUITE" ]]; then
        printf '%s' "$SUITE"
        return 0
    fi
    # shellcheck source=/dev/null
    source /etc/os-release
    printf '%s' "${VERSION_CODENAME:-$ID}"
}

# The time that files in the packages carry: that of the commit.
source_date() {
    git -C "$ROOT" log -1 --format=%ct 2>/dev/null || stat -c %Y "$ROOT/Package.swift"
}

# What is built: the commit, else the version.
source_name() {
    git -C "$ROOT" describe --always --dirty 2>/dev/null || program_version
}

# Writes debian/changelog of SOURCE into FOLDER.
write_changelog() {
    local source="$1" folder="$2"
    cat >"$folder/debian/changelog" <<C
$source ($(package_version "$source")) $(suite_name); urgency=medium

  * Built from $(source_name).

 -- livekit-conference maintainers <maintainers@livekit-conference.invalid>  $(date --utc --date="@$(source_date)" '+%a, %d %b %Y %H:%M:%S +0000')
C
}

# Lays out SOURCE in WORK.
stage_source() {
    local source="$1" folder="$WORK/$1"
    mkdir -p "$folder"
    # The build folder stays, so that only what changed is compiled again.
    find "$folder" -mindepth 1 -maxdepth 1 ! -name .build -exec rm -rf {} +
    if [[ "$source" == livekit-conference ]]; then
        # Files that were deleted and are still known to git are passed over.
        git -C "$ROOT" ls-files -z --cached --others --exclude-standard |
            tar -C "$ROOT" --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -C "$folder" -xf -
        cp -a "$ROOT/packaging/debian" "$folder/debian"
    else
        cp -a "$ROOT/packaging/$source/." "$folder/"
        cp -a "$ROOT/systemd" "$folder/systemd"
        "stage_${source//-/_}" "$folder/upstream"
    fi
    write_changelog "$source" "$folder"
    # Newer times than that of the commit are cut by dpkg, older ones would be those of this checkout. Swift looks at its sources' own.
    find "$folder" -mindepth 1 \( -path "$folder/.build" -o -path "$folder/Sources" \) -prune -o \
        -exec touch --no-dereference --date="@$(source_date)" {} +
    step_changed
}

# The static export of the frontend with the licences of what is in it, each file that gets smaller by it compressed as well.
stage_livekit_conference_web() {
    local folder="$1"
    ensure_frontend
    [[ -z "$FRONTEND_REASON" ]] || fail "the web application can't be built: $FRONTEND_REASON" "" \
        "see that \`npm ping\` works, or build the others with --only"
    run_logged "$LOG_FOLDER/web.log" "npm run build in frontend/" "read $LOG_FOLDER/web.log" \
        env -C "$FRONTEND" -u NEXT_PUBLIC_API_URL NEXT_TELEMETRY_DISABLED=1 SOURCE_MAPS=1 BUILD_ID="$(source_name)" \
        npm run --silent build
    cp -a "$FRONTEND/out" "$folder"
    run_logged "$LOG_FOLDER/web.log" "finding the packages that are in it" "read $LOG_FOLDER/web.log" \
        node "$ROOT/packaging/livekit-conference-web/bundled.mjs" "$FRONTEND" "$folder" "$WORK/bundled.json"
    run_logged "$LOG_FOLDER/web.log" "compressing the files" "read $LOG_FOLDER/web.log" \
        node "$ROOT/packaging/livekit-conference-web/compress.mjs" "$folder"
}

# Copies FILE of --upstream to TARGET when it has the digest that SHA256SUMS beside it says.
take_local() {
    local file="$1" target="$2"
    (cd "$UPSTREAM" && grep -E "^[0-9a-f]{64} [ *]$file\$" SHA256SUMS | sha256sum --quiet --check --strict -) >&2 || fail \
        "$UPSTREAM/$file is not what $UPSTREAM/SHA256SUMS says" "nothing was packed" "put the right file there"
    cp "$UPSTREAM/$file" "$target"
}

# What is packed as it came, as packaging/sbom takes it: NAME|VERSION|LICENCE|DIGEST|ADDRESS.
upstream_fields() {
    local archive digest address version
    case "$1" in
        livekit-server)
            version="$LIVEKIT_RELEASE" archive="livekit_${version}_linux_$ARCHITECTURE.tar.gz" digest="LIVEKIT_SHA256_${ARCHITECTURE^^}"
            digest="${!digest}" address="https://github.com/livekit/livekit/releases/download/v$version/$archive"
            ;;
        livekit-egress)
            version="$EGRESS_RELEASE" archive="egress_${version}_linux_$ARCHITECTURE.tar" digest="$EGRESS_DIGEST"
            address=https://hub.docker.com/r/livekit/egress
            ;;
    esac
    if [[ -n "$UPSTREAM" ]]; then
        digest="$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$UPSTREAM/SHA256SUMS")" address=NOASSERTION
    fi
    printf '%s|%s|Apache-2.0|%s|%s' "$1" "$version" "$digest" "$address"
}

# The program of LiveKit's release.
stage_livekit_server() {
    local folder="$1" archive="livekit_${LIVEKIT_RELEASE}_linux_$ARCHITECTURE.tar.gz" digest
    mkdir -p "$folder"
    if [[ -n "$UPSTREAM" ]]; then
        take_local "$archive" "$folder/$archive"
    else
        digest="LIVEKIT_SHA256_${ARCHITECTURE^^}"
        run_logged "$LOG_FOLDER/livekit.log" "downloading $archive" "see that github.com can be reached, or use --upstream" \
            curl -fsSL --retry 3 -o "$folder/$archive" \
            "https://github.com/livekit/livekit/releases/download/v$LIVEKIT_RELEASE/$archive"
        sha256sum --quiet --check - <<<"${!digest}  $folder/$archive" || fail "$archive has the wrong digest" \
            "expected ${!digest}; nothing was packed" "find out why before anything else; versions.sh has the digest"
    fi
    tar -xzf "$folder/$archive" -C "$folder" livekit-server
    rm "$folder/$archive"
}

# The root file system of Egress's image.
stage_livekit_egress() {
    local folder="$1" archive="egress_${EGRESS_RELEASE}_linux_$ARCHITECTURE.tar"
    mkdir -p "$folder"
    if [[ -n "$UPSTREAM" ]]; then
        take_local "$archive" "$folder/$archive"
        mkdir "$folder/root"
        tar -xf "$folder/$archive" -C "$folder/root" --no-same-owner
        rm "$folder/$archive"
    else
        run_logged "$LOG_FOLDER/egress.log" "fetching the image livekit/egress" \
            "see that registry-1.docker.io can be reached, or use --upstream" \
            python3 "$ROOT/packaging/livekit-egress/fetch-image" livekit/egress "$EGRESS_DIGEST" "$ARCHITECTURE" "$folder/root"
    fi
}
