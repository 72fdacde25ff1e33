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
