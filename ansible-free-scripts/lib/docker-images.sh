# shellcheck shell=bash
# Stand-ins for the images that compose-dev/ names, made on this machine where no image registry can be reached: the same programs on a
# Debian root, under the same names. Sourced after the other files.

# Where their Dockerfiles are.
IMAGES_FOLDER="$ROOT/Tests/System/compose/images"

# What of a Swift tool chain a build doesn't need: half of it.
SWIFT_UNNEEDED=(usr/share usr/local usr/lib/swift/embedded 'usr/bin/*lldb*' usr/bin/sourcekit-lsp usr/bin/clangd usr/bin/docc
    usr/bin/swift-format usr/bin/swift-build-sdk-interfaces usr/bin/swift-help usr/bin/wasmkit 'usr/bin/llvm-[!ar]*'
    'usr/lib/liblldb*' 'usr/lib/libsourcekitd*' 'usr/lib/libclang.so*' 'usr/lib/libLTO*')

# The full name under which compose-dev/ uses IMAGE ("postgres", "swift").
image_name() {
    case "$1" in
        swift | node | debian)
            sed -nE "/^ARG/ { s/^ARG ([A-Z_]+)=(.*)/s,[$]{\1},\2,/p }" "$ROOT"/compose-dev/*.Dockerfile >"$LOG_FOLDER/arguments.sed"
            sed -n "s/^FROM \(--platform=[^ ]* \)\?\($1:[^ ]*\).*/\2/p" "$ROOT"/compose-dev/*.Dockerfile |
                sed -f "$LOG_FOLDER/arguments.sed" | head -n 1
            ;;
        *) sed -nE "s,^ *image: (([a-z]+/)?$1:[^ ]*)\$,\1,p" "$ROOT/compose-dev/compose.yaml" ;;
    esac
}

# What making them needs on this machine.
ensure_images_prerequisites() {
    ensure_packages debootstrap debian-archive-keyring curl python3 python3-venv
    [[ -d "$(cache_folder)/postgresql-$POSTGRES_RELEASE" ]] || postgres_install_release
    ensure_swift
    ensure_debian_archive
}

# A Debian 12 as an archive in the cache folder.
ensure_debian_archive() {
    local folder archive
    archive="$(cache_folder)/debian-12-$(dpkg --print-architecture).tar"
    [[ ! -f "$archive" ]] || return 0
    changing "Debian 12's root into $archive" || return 0
    folder="$(mktemp -d "$(cache_folder)/debian.XXXXXX")"
    run_logged "$LOG_FOLDER/debootstrap.log" "debootstrap bookworm" "see that deb.debian.org can be reached" \
        as_root debootstrap --variant=minbase --include=ca-certificates \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg bookworm "$folder/root" http://deb.debian.org/debian
    rm -rf "$folder"/root/var/cache/apt/archives/*.deb "$folder"/root/var/lib/apt/lists/*
    # What this machine trusts, its containers trust.
    cp /etc/ssl/certs/ca-certificates.crt "$folder/root/etc/ssl/certs/ca-certificates.crt"
    tar -C "$folder/root" --exclude='./dev/*' -c . >"$archive.new"
    mv "$archive.new" "$archive"
    rm -rf "$folder"
}

# The folder whose `usr` is the tool chain and nothing else.
swift_folder() {
    local folder
    # It says where its libraries are, whatever link or launcher is on PATH.
    folder="$(swift -print-target-info | sed -n 's,.*"runtimeResourcePath": "\(.*\)/usr/lib/swift".*,\1,p')"
    [[ -n "$folder" ]] || fail "the Swift on PATH is part of the system's /usr and can't be copied into an image" "" \
        "put a release from swift.org first on PATH"
    printf '%s' "$folder"
}

# Builds the image IMAGE from its folder, and FOLDER/NAME where given as "files": image_build IMAGE [FOLDER NAME [TAR OPTION...]]
image_build() {
    local image="$1" folder="${2:-}" name="${3:-}" from=()
    if [[ -n "$folder" ]]; then
        from=("${@:4}" --transform "flags=rh;s,^$name,files," -C "$folder" "$name")
    fi
    tar -c -C "$IMAGES_FOLDER/$image" . "${from[@]}" |
        docker build --quiet --build-arg BASE="$(image_name debian)" \
            --build-arg REQUIREMENTS="$(printf "'%s' " "${LOCALSTACK_OLDER_REQUIREMENTS[@]}")" --tag "$(image_name "$image")" - >/dev/null
    note "$(image_name "$image")"
}

# Makes every image. Says which ones are not the real thing.
images_make() {
    local options=() pattern swift
    swift="$(swift_folder)"
    docker import --change 'CMD ["bash"]' - "$(image_name debian)" <"$(cache_folder)/debian-12-$(dpkg --print-architecture).tar" >/dev/null
    image_build postgres "$(cache_folder)" "postgresql-$POSTGRES_RELEASE"
    image_build redis
    image_build localstack
    image_build livekit-server
    image_build egress
    image_build prometheus
    for pattern in "${SWIFT_UNNEEDED[@]}"; do options+=("--exclude=$pattern"); done
    image_build swift "$swift" usr "${options[@]}"
    note "no image registry can be reached, so these were made here from a Debian root, with the names that compose.yaml has."
    note "PostgreSQL, Redis, LocalStack, Prometheus and Swift are the real programs, in the versions at hand. LiveKit server and"
    note "Egress are STAND-INS that only answer health checks: media and recording are not tested here."
    step_changed
}
