#!/usr/bin/env bats
# What the documentation names is there, and what isn't is found.

# shellcheck disable=SC2016 # backticks are Markdown's

bats_require_minimum_version 1.5.0

DOCUMENTATION="$BATS_TEST_DIRNAME/../documentation.py"

# A checkout with one script, one unit, one address of the API, one setting, and a README.md from standard input.
checkout() {
    CHECKOUT="$BATS_TEST_TMPDIR/checkout"
    mkdir -p "$CHECKOUT"/{ansible-free-scripts,docs,frontend,systemd,Sources}
    git -C "$CHECKOUT" init -q
    cat >"$CHECKOUT/README.md"
    printf '# Up and down\n\n## The `first` heading: yes\n' >"$CHECKOUT/docs/other.md"
    printf '### `SOME_SETTING`\n' >"$CHECKOUT/docs/configuration.md"
    printf '#!/bin/sh\nprintf "usage: x/run COMMAND\\n\\n  up  starts\\n  --check  looks\\n"\n' >"$CHECKOUT/ansible-free-scripts/run"
    chmod +x "$CHECKOUT/ansible-free-scripts/run"
    touch "$CHECKOUT/systemd/some.service" "$CHECKOUT/systemd/each@.service"
    printf '{"paths": {"/api/v1/meetings/{id}": {}}}' >"$CHECKOUT/frontend/openapi.json"
}

@test "nothing is named in the documentation that isn't there" {
    python3 "$DOCUMENTATION"
}

@test "what is there is found right" {
    checkout <<'M'
[a](docs/other.md#the-first-heading-yes) [`b`](#c) [c](https://example.org/x)
# c
`SOME_SETTING=3 ansible-free-scripts/run up --check`, `run up`, `/api/v1/meetings/$MEETING`, `systemd/some.service`
```
sudo systemctl restart some each@1 && journalctl -u some.service -f
ansible-free-scripts/run up \
    --check   # --not-an-option
```
M
    python3 "$DOCUMENTATION" "$CHECKOUT"
}

# wrong TEXT MESSAGE: a README.md with TEXT must give MESSAGE alone.
wrong() {
    local said
    checkout <<<"$1"
    if said="$(python3 "$DOCUMENTATION" "$CHECKOUT")"; then
        return 1
    fi
    diff <(printf 'README.md:%s\n' "$2") <(printf '%s\n' "$said")
}

@test "a link to a file that isn't there is found" {
    wrong '[a](docs/gone.md)' '1: the link docs/gone.md leads nowhere'
}

@test "a link to a heading that isn't there is found" {
    wrong '[a](docs/other.md#gone)' '1: the link docs/other.md#gone names no heading'
}

@test "a path, a script's option and a script's command that aren't there are found" {
    wrong '`docs/gone.md`' '1: there is no docs/gone.md'
    wrong '`ansible-free-scripts/run up --gone`' '1: run has no option --gone'
    wrong $'```\nansible-free-scripts/run gone\n```' '2: run has no command gone'
}

@test "a setting, a metric, a unit and an address that aren't there are found" {
    wrong '`SOME_SETING`' '1: nothing has the name SOME_SETING'
    wrong '`some_total`' '1: nothing has the name some_total'
    wrong '`systemctl restart gone`' '1: there is no unit gone'
    wrong '`gone.timer`' '1: there is no unit gone.timer'
    wrong '`GET /api/v1/gone`' '1: the API has no /api/v1/gone'
}

@test "livekit-conference.env(5) is what docs/configuration.md makes, and no manual page has mistakes" {
    local page
    "$BATS_TEST_DIRNAME/../../../packaging/manuals" --check
    for page in "$BATS_TEST_DIRNAME"/../../../packaging/debian/*.[15]; do
        diff /dev/null <(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings --local-file "$page" 2>&1 >/dev/null)
    done
}
