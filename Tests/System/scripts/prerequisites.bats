#!/usr/bin/env bats
# docs/prerequisites.md has the versions that scripts and packages ask for.

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
}

# says WHAT VERSION: a row of that name has the version.
says() {
    grep -qE "^\| $1[^|]*\|[^|]*\b${2//./\\.}\b" "$ROOT/docs/prerequisites.md" || {
        printf 'docs/prerequisites.md: the row "%s" does not say %s\n' "$1" "$2"
        return 1
    }
}

# The version that a package's control file asks for: wanted PACKAGE
wanted() {
    sed -nE "s/^ $1 \(>= ([0-9]+:)?([0-9.]+)\),?$/\2/p" "$ROOT/packaging/debian/control" | head -n 1
}

@test "versions are those of versions.sh" {
    says Swift "$SWIFT_MINIMUM"
    grep -q "the release $SWIFT_RELEASE from swift.org" "$ROOT/docs/prerequisites.md"
    says PostgreSQL "$POSTGRES_MINIMUM"
    says Redis "$REDIS_MINIMUM"
    says Node.js "$NODE_MINIMUM"
    says 'Python, for the tests' "$PYTEST_PYTHON_MINIMUM"
    says 'Python, for LocalStack' "$LOCALSTACK_PYTHON_MINIMUM"
    says 'Python, for LocalStack' "$LOCALSTACK_OLDER_PYTHON_MINIMUM"
    says 'LiveKit server' "$LIVEKIT_RELEASE"
    says 'LiveKit Egress' "$EGRESS_RELEASE"
    says 'Docker Engine with Compose' "$COMPOSE_MINIMUM"
    says 'Docker Buildx' "$BUILDX_MINIMUM"
    says "Oracle's client" "$OCI_CLIENT_MINIMUM"
}

@test "versions are those that packages depend on" {
    [ -n "$(wanted caddy)" ] && says Caddy "$(wanted caddy)"
    [ -n "$(wanted systemd)" ] && says systemd "$(wanted systemd)"
    [ -n "$(wanted redis-server)" ] && says Redis "$(wanted redis-server)"
    grep -q '^ postgresql-18,$' "$ROOT/packaging/debian/control"
    says PostgreSQL 18.1
}

@test "the frontend asks for the Node.js that is installed for it" {
    grep -q "\"node\": \">=$NODE_MINIMUM\"" "$ROOT/frontend/package.json"
}

@test "the newest entry of CHANGELOG.md is the version that the program says" {
    local version
    # shellcheck source=../../../packaging/lib/sources.sh
    source "$ROOT/packaging/lib/sources.sh"
    version="$(program_version)"
    [ -n "$version" ]
    [ "$(sed -n 's/^## \[\([^]]*\)\].*/\1/p' "$ROOT/CHANGELOG.md" | head -n 1)" = "$version" ]
}
