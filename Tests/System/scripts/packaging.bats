#!/usr/bin/env bats
# What packaging/ does that needs no build.

bats_require_minimum_version 1.5.0

COMPARE="$BATS_TEST_DIRNAME/../../../packaging/compare-builds"

# A package with one file of TEXT in FOLDER: package FOLDER TEXT
package() {
    local tree="$BATS_TEST_TMPDIR/tree"
    rm -rf "$tree"
    mkdir -p "$tree/DEBIAN" "$tree/usr/share/some" "$BATS_TEST_TMPDIR/$1"
    printf 'Package: some\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n' >"$tree/DEBIAN/control"
    printf '%s\n' "$2" >"$tree/usr/share/some/file"
    find "$tree" -exec touch --date=@1000000000 {} +
    SOURCE_DATE_EPOCH=1000000000 dpkg-deb --root-owner-group --build "$tree" "$BATS_TEST_TMPDIR/$1" >/dev/null
}

@test "two builds that are the same to the byte are told to be" {
    package first text
    package second text
    run "$COMPARE" --compare "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
    [ "$status" = 0 ]
    [ "$output" = "some_1_all.deb: the same" ]
}

@test "the file that differs between two builds is named" {
    package first text
    package second other
    run "$COMPARE" --compare "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
    [ "$status" = 1 ]
    [[ "$output" == "some_1_all.deb: differs"* && "$output" == *"./usr/share/some/file"* ]]
}

@test "a package that only one build has is told" {
    package first text
    mkdir -p "$BATS_TEST_TMPDIR/second"
    run "$COMPARE" --compare "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
    [ "$status" = 1 ]
    [[ "$output" == *"< some_1_all.deb"* ]]
}

# Loads what lays out sources, with LiveKit's digest wrong: nothing is ever downloaded.
setup_sources() {
    # shellcheck source=helper.bash
    source "$BATS_TEST_DIRNAME/helper.bash"
    setup_library
    # shellcheck source=../../../packaging/lib/sources.sh
    source "$ROOT/packaging/lib/sources.sh"
    # shellcheck disable=SC2034 # read by the functions under test
    ARCHITECTURE=arm64 UPSTREAM=""
    mkdir -p "$BATS_TEST_TMPDIR/release"
    printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/release/livekit-server"
    ARCHIVE="livekit_${LIVEKIT_RELEASE}_linux_arm64.tar.gz"
    tar -czf "$BATS_TEST_TMPDIR/release/$ARCHIVE" -C "$BATS_TEST_TMPDIR/release" livekit-server
}

# In place of the download: what lies in the release's folder.
curl() {
    local target
    while [[ "$1" != -o ]]; do shift; done
    target="$2"
    cp "$BATS_TEST_TMPDIR/release/$ARCHIVE" "$target"
}

@test "LiveKit's server is packed only with the digest that is pinned" {
    setup_sources
    run stage_livekit_server "$BATS_TEST_TMPDIR/wrong"
    [ "$status" != 0 ]
    [[ "$output" == *"$ARCHIVE has the wrong digest"*"$LIVEKIT_SHA256_ARM64"* ]]
    [ ! -e "$BATS_TEST_TMPDIR/wrong/livekit-server" ]
    # shellcheck disable=SC2034 # read by the function under test
    LIVEKIT_SHA256_ARM64="$(sha256sum "$BATS_TEST_TMPDIR/release/$ARCHIVE" | cut -d' ' -f1)"
    stage_livekit_server "$BATS_TEST_TMPDIR/right"
    [ -f "$BATS_TEST_TMPDIR/right/livekit-server" ]
}

@test "a release of one's own is packed only with the digest in its list" {
    setup_sources
    UPSTREAM="$BATS_TEST_TMPDIR/release"
    (cd "$UPSTREAM" && sha256sum "$ARCHIVE" >SHA256SUMS)
    stage_livekit_server "$BATS_TEST_TMPDIR/right"
    [ -f "$BATS_TEST_TMPDIR/right/livekit-server" ]
    printf 'x' >>"$UPSTREAM/$ARCHIVE"
    run stage_livekit_server "$BATS_TEST_TMPDIR/wrong"
    [ "$status" != 0 ]
    [[ "$output" == *"$ARCHIVE is not what"* ]]
    [ ! -e "$BATS_TEST_TMPDIR/wrong/livekit-server" ]
}
