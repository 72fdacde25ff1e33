#!/usr/bin/env bats
# Prometheus' own judgement on packaging/alerts.yml: each alert is raised where it has to be, and none where all is well.

bats_require_minimum_version 1.5.0

load helper

setup() {
    setup_library
    PROMTOOL="$(unpacked_folder prometheus)/usr/bin/promtool"
}

@test "the alerts are right rules" {
    "$PROMTOOL" check rules "$ROOT/packaging/alerts.yml"
}

@test "each alert is raised where it has to be, and none where all is well" {
    "$PROMTOOL" test rules "$BATS_TEST_DIRNAME/alerts-test.yml"
}

@test "every alert has such a test" {
    diff <(sed -n 's/.*- alert: //p' "$ROOT/packaging/alerts.yml" | sort) \
        <(sed -n 's/^      - alertname: //p' "$BATS_TEST_DIRNAME/alerts-test.yml" | sort)
}
