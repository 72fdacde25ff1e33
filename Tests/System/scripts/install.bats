#!/usr/bin/env bats
# Finding and verifying what is installed.

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
    export XDG_CACHE_HOME="$BATS_TEST_TMPDIR/cache"
    mkdir -p "$(cache_folder)"
}

@test "a name on PATH that is no Python is passed over" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\necho "not selected" >&2\nexit 127\n' >"$BATS_TEST_TMPDIR/bin/python3"
    chmod +x "$BATS_TEST_TMPDIR/bin/python3"
    PATH="$BATS_TEST_TMPDIR/bin:$PATH" run python_find 3.9
    [[ "$status" == 0 ]]
    [[ "$output" == /* && "$output" != "$BATS_TEST_TMPDIR"* ]]
}

@test "no Python is new enough for a version that doesn't exist" {
    run ! python_find 4.0
}

# shellcheck disable=SC2317 # called by swift_release_urls
@test "Swift's releases are named as the distribution and the processor ask" {
    uname() { echo aarch64; }
    run swift_release_urls ubuntu24.04
    [[ "${#lines[@]}" == 1 ]]
    [[ "${lines[0]}" == "https://download.swift.org/swift-$SWIFT_RELEASE-release/ubuntu2404-aarch64/swift-$SWIFT_RELEASE-RELEASE/swift-$SWIFT_RELEASE-RELEASE-ubuntu24.04-aarch64.tar.gz" ]]
    uname() { echo x86_64; }
    run swift_release_urls debian13
    [[ "${lines[0]}" == */debian13/* && "${lines[1]}" == */debian12/* ]]
}

# Makes a key, and a file signed by it; sets SWIFT_SIGNING_KEY to its fingerprint.
signed_file() {
    export GNUPGHOME="$BATS_TEST_TMPDIR/gnupg"
    mkdir -m 700 "$GNUPGHOME"
    gpg --batch --quiet --passphrase '' --quick-generate-key "test@example.org" ed25519 sign never 3>&-
    SWIFT_SIGNING_KEY="$(gpg --batch --with-colons --list-keys | awk -F: '$1 == "fpr" { print $10; exit }')"
    echo content >"$BATS_TEST_TMPDIR/file"
    gpg --batch --quiet --detach-sign --output "$BATS_TEST_TMPDIR/file.sig" "$BATS_TEST_TMPDIR/file" 3>&-
    gpg --batch --armor --export >"$BATS_TEST_TMPDIR/keys.asc"
    gpgconf --kill all
}

@test "a download signed by the pinned key is taken; a changed one, another key, or no key is not" {
    cd "$BATS_TEST_TMPDIR"
    signed_file
    swift_verify file file.sig keys.asc
    echo more >>file
    run ! swift_verify file file.sig keys.asc
    echo content >file
    run ! swift_verify file file.sig /dev/null
    # shellcheck disable=SC2034 # read by swift_verify
    SWIFT_SIGNING_KEY=0000000000000000000000000000000000000000
    run ! swift_verify file file.sig keys.asc
}

@test "LiveKit's archive is taken only with the digest that the release names" {
    local release="$BATS_TEST_TMPDIR/release"
    mkdir -p "$release" "$BATS_TEST_TMPDIR/target"
    printf '#!/bin/sh\n' >"$release/livekit-server"
    tar -czf "$release/livekit.tar.gz" -C "$release" livekit-server
    (cd "$release" && sha256sum livekit.tar.gz >checksums.txt)
    livekit_fetch "file://$release" livekit.tar.gz "$BATS_TEST_TMPDIR/target"
    [[ -f "$BATS_TEST_TMPDIR/target/livekit-server" ]]
    rm "$BATS_TEST_TMPDIR/target/livekit-server"
    echo changed >>"$release/livekit.tar.gz"
    run ! livekit_fetch "file://$release" livekit.tar.gz "$BATS_TEST_TMPDIR/target"
    [[ ! -e "$BATS_TEST_TMPDIR/target/livekit-server" ]]
    : >"$release/checksums.txt"
    run ! livekit_fetch "file://$release" livekit.tar.gz "$BATS_TEST_TMPDIR/target"
}

@test "a Python environment is complete only for the same wishes" {
    local folder
    folder="$(cache_folder)/thing/bin"
    mkdir -p "$folder"
    printf '#!/bin/sh\n' >"$folder/python"
    chmod +x "$folder/python"
    environment_wish one two >"$folder/../complete"
    environment_is_complete thing one two
    run ! environment_is_complete thing one three
}

@test "every library that Package.swift names is installed for building" {
    local package
    while read -r package; do
        [[ " ${BUILD_PACKAGES[*]} " == *" $package "* ]] || {
            echo "$package is missing in BUILD_PACKAGES"
            return 1
        }
    done < <(grep -o 'apt: "[^"]*"' "$ROOT/Package.swift" | cut -d'"' -f2)
}

@test "every header that the C wrappers include comes with a package for building" {
    local header package
    while read -r header; do
        package="$(dpkg -S "/usr/include/$header" "/usr/include/$(gcc -print-multiarch)/$header" 2>/dev/null |
            cut -d: -f1 | grep -e '-dev$' | head -n 1)" || package=""
        # Headers that every compiler installation has are of no interest.
        case "$package" in
            "" | libc6-dev | linux-libc-dev | libstdc++-*) continue ;;
        esac
        [[ " ${BUILD_PACKAGES[*]} " == *" $package "* ]] || {
            echo "$package, for <$header>, is missing in BUILD_PACKAGES"
            return 1
        }
    done < <(sed -n 's/^#include <\(.*\)>.*/\1/p' "$ROOT"/Sources/C*/shim.h | sort -u)
}
