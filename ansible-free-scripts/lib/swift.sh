# shellcheck shell=bash
# The Swift tool chain: found, or installed from its signed upstream release. Sourced after common.sh.

# The version of the Swift compiler COMMAND; empty when it does not run.
swift_version() {
    "$1" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1
}

# Prints the folder of a Swift that is new enough; false when there is none.
swift_find() {
    local candidate
    for candidate in "$(command -v swift || true)" /opt/swift/usr/bin/swift \
        "$(cache_folder)/swift-$SWIFT_RELEASE/usr/bin/swift"; do
        [[ -x "$candidate" ]] || continue
        if version_at_least "$(swift_version "$candidate")" "$SWIFT_MINIMUM"; then
            dirname "$candidate"
            return 0
        fi
    done
    return 1
}

# How swift.org spells this distribution: "debian12", "ubuntu24.04".
swift_platform() {
    local ID="" VERSION_ID=""
    # shellcheck source=/dev/null
    source /etc/os-release
    case "$ID-$VERSION_ID" in
        ubuntu-22.04 | ubuntu-24.04) printf 'ubuntu%s' "$VERSION_ID" ;;
        ubuntu-*) printf 'ubuntu24.04' ;;
        debian-12) printf 'debian12' ;;
        debian-*) printf 'debian%s' "${VERSION_ID:-13}" ;;
        *) fail "no Swift release is known for $ID $VERSION_ID" "" \
            "install Swift $SWIFT_MINIMUM or newer by hand (swift.org/install) so that 'swift' is on PATH" ;;
    esac
}

# The addresses of the release for this machine, the likeliest first. A Debian newer than the releases takes the last one.
swift_release_urls() {
    local platform="$1" suffix=""
    [[ "$(uname -m)" != aarch64 ]] || suffix="-aarch64"
    local name
    for name in "$platform" debian12; do
        [[ "$name" == "$platform" || "$platform" == debian* ]] || continue
        printf 'https://download.swift.org/swift-%s-release/%s%s/swift-%s-RELEASE/swift-%s-RELEASE-%s%s.tar.gz\n' \
            "$SWIFT_RELEASE" "${name/./}" "$suffix" "$SWIFT_RELEASE" "$SWIFT_RELEASE" "$name" "$suffix"
    done | uniq
}

# Checks FILE against its detached SIGNATURE: it must be made by Swift's release key, which is known by its fingerprint.
# Fails closed; keys come from KEYRING, a file of exported keys.
swift_verify() {
    local file="$1" signature="$2" keyring="$3" home status
    home="$(mktemp -d)"
    chmod 700 "$home"
    gpg --homedir "$home" --batch --quiet --import "$keyring" >/dev/null 2>&1 || true # judged by what follows
    status="$(gpg --homedir "$home" --batch --status-fd 1 --verify "$signature" "$file" 2>/dev/null || true)"
    # An agent would hold the folder; there is none when nothing needed it.
    gpgconf --homedir "$home" --kill all >/dev/null 2>&1 || true
    rm -rf "$home"
    # An expired key still vouches for what it signed before (EXPKEYSIG comes with VALIDSIG); a revoked one does not.
    grep -q "^\[GNUPG:\] VALIDSIG .* $SWIFT_SIGNING_KEY\$" <<<"$status" &&
        ! grep -qE '^\[GNUPG:\] (BADSIG|REVKEYSIG|ERRSIG)' <<<"$status"
}

# Downloads, checks and unpacks the pinned release into the cache folder.
swift_install() {
    local folder url found="" log="$LOG_FOLDER/swift.log"
    local advice="install Swift $SWIFT_MINIMUM or newer by hand (swift.org/install) so that 'swift' is on PATH, then run this again"
    local platform urls
    platform="$(swift_platform)"
    urls="$(swift_release_urls "$platform")"
    folder="$(mktemp -d "$(cache_folder)/swift.XXXXXX")"
    for url in $urls; do
        note "$url"
        if curl -fsSL --retry 3 -o "$folder/swift.tar.gz.sig" "$url.sig" 2>>"$log"; then
            found="$url"
            break
        fi
    done
    [[ -n "$found" ]] || fail "Swift could not be downloaded" "$(log_tail "$log" 5)" "$advice"
    run_logged "$log" "downloading Swift $SWIFT_RELEASE" "$advice" \
        curl -fsSL --retry 3 -o "$folder/swift.tar.gz" "$found"
    run_logged "$log" "downloading Swift's keys" "$advice" \
        curl -fsSL --retry 3 -o "$folder/keys.asc" https://www.swift.org/keys/all-keys.asc
    swift_verify "$folder/swift.tar.gz" "$folder/swift.tar.gz.sig" "$folder/keys.asc" || fail \
        "the signature of $found is not by Swift's release key" "expected $SWIFT_SIGNING_KEY; nothing was installed" \
        "try again later; if it stays, $advice"
    mkdir "$folder/unpacked"
    run_logged "$log" "unpacking Swift" "see that there are 4 GB free in $(cache_folder)" \
        tar -xzf "$folder/swift.tar.gz" -C "$folder/unpacked" --strip-components=1
    mv "$folder/unpacked" "$(cache_folder)/swift-$SWIFT_RELEASE"
    rm -rf "$folder"
}

# Makes sure that `swift` on PATH is new enough.
ensure_swift() {
    local folder
    if ! folder="$(swift_find)"; then
        changing "Swift $SWIFT_RELEASE from swift.org into $(cache_folder)" || return 0
        swift_install
        folder="$(swift_find)" || fail "the Swift just installed does not run" \
            "$("$(cache_folder)/swift-$SWIFT_RELEASE/usr/bin/swift" --version 2>&1 || true)" \
            "install the libraries that it misses, or another release by hand (swift.org/install)"
    fi
    case ":$PATH:" in
        *":$folder:"*) [[ "$(command -v swift)" == "$folder/swift" ]] || PATH="$folder:$PATH" ;;
        *) PATH="$folder:$PATH" ;;
    esac
    export PATH
}
