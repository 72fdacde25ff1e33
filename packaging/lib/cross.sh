# shellcheck shell=bash
# A root file system that builds for arm64 on amd64: arm64's libraries beside the machine's own by multiarch, and arm64's Swift
# libraries as a Swift SDK, which debian/rules asks for by the triple. Nothing of it is emulated. Sourced by build-deb.

# Where the SDK lies in the root.
SWIFT_SDKS=/usr/lib/swift-sdks

# Makes BUILD_ROOT the one for ARCHITECTURE, made from the one for this machine's.
ensure_cross_root() {
    local native="$BUILD_ROOT" root="$BUILD_ROOT-$ARCHITECTURE"
    BUILD_ROOT="$root"
    [[ ! -d "$root" ]] || return 0
    changing "a root file system to build for $ARCHITECTURE in, $root" || return 0
    copy_root "$native" "$root.new"
    build_in "$root.new" "dpkg --add-architecture $ARCHITECTURE" dpkg --add-architecture "$ARCHITECTURE"
    # A library must have the same version for both architectures.
    build_in "$root.new" "apt-get update" apt-get -q update
    build_in "$root.new" "apt-get full-upgrade" apt-get -q -y full-upgrade
    # The C++ library's version is the one that Debian's Swift is built with.
    build_in "$root.new" "apt-get install of the tools" apt-get -q -y install swiftlang lld \
        binutils-aarch64-linux-gnu "libc6-dev:$ARCHITECTURE" "libstdc++-14-dev:$ARCHITECTURE" "libgcc-14-dev:$ARCHITECTURE"
    add_swift_sdk "$root.new"
    mv "$root.new" "$root"
}

# Adds Swift's libraries for ARCHITECTURE to ROOT. A compiler reads those of its own version only.
add_swift_sdk() {
    local root="$1" version sdk="$1$SWIFT_SDKS/debian.artifactbundle"
    # shellcheck disable=SC2016 # dpkg-query's
    version="$(in_root "$root" dpkg-query --show --showformat='${Version}' swiftlang)"
    # Not / itself: below the sysroot the compiler takes the program's own modules for foreign ones.
    mkdir -p "$sdk/sysroot/usr/lib"
    ln -s /usr/include "$sdk/sysroot/usr/include"
    ln -s /usr/lib/aarch64-linux-gnu /usr/lib/gcc "$sdk/sysroot/usr/lib/"
    ln -s usr/lib "$sdk/sysroot/lib"
    rm -rf "$WORK/swift"
    mkdir -p "$WORK/swift"
    # shellcheck disable=SC2016 # expanded inside
    build_in "$root" "download of swiftlang $version for $ARCHITECTURE" bash -c \
        'cd /build/swift && apt-get -q download "swiftlang:$1=$2" && dpkg-deb --fsys-tarfile ./*.deb |
            tar -x --strip-components=5 ./usr/libexec/swift/lib/swift_static ./usr/libexec/swift/lib/clang' \
        download "$ARCHITECTURE" "$version"
    mv "$WORK/swift/swift_static" "$WORK/swift/clang" "$sdk/sysroot/usr/lib/"
    rm -rf "$WORK/swift"
    cat >"$sdk/info.json" <<'J'
{"schemaVersion": "1.0", "artifacts": {"debian-arm64": {"type": "swiftSDK", "version": "1",
  "variants": [{"path": ".", "supportedTriples": ["x86_64-unknown-linux-gnu", "x86_64-pc-linux-gnu"]}]}}}
J
    cat >"$sdk/swift-sdk.json" <<'J'
{"schemaVersion": "4.0", "targetTriples": {"aarch64-unknown-linux-gnu": {
  "sdkRootPath": "sysroot", "swiftResourcesPath": "sysroot/usr/lib/swift_static",
  "swiftStaticResourcesPath": "sysroot/usr/lib/swift_static"}}}
J
}
