"""From nothing to a host that is well, over SSH; then again, and nothing changes."""

import json

import pytest

from network import OPERATOR
from operator_account import ADMINISTRATOR, PASSWORD


@pytest.fixture(scope="module")
def first(bare, operator) -> str:
    """What the first run said."""
    return operator.run("deploy", *operator.first_options)


def state(machine) -> str:
    """Everything that a deployment may change."""
    return machine.run(
        "dpkg-query --show; iptables-save -t filter | sed 's/\\[.*//; /^#/d'; ip6tables-save -t filter | sed 's/\\[.*//; /^#/d';"
        " find /etc -type f -exec sha256sum {} + | sort; systemctl show --property=MainPID livekit-server caddy livekit-conference"
    )


def test_problems_are_told_all_at_once_and_nothing_is_changed(bare, operator, tmp_path):
    open_file = tmp_path / "open.env"
    open_file.write_text("S3_SECRET_KEY=seen-by-all\nCOLOUR=red\n")
    (tmp_path / "settings").write_text("REDIS_URL=redis://elsewhere\n")
    before = state(bare)
    status, output = operator.try_run(
        "deploy", "--packages", str(tmp_path), "--address", "2001:db8::1", "--ssh-from", "somewhere", "--settings", str(tmp_path / "settings"),
        "--secrets", str(open_file), "--admin", "nobody", "--repository-key", "/nowhere")
    assert status == 1
    for part in ("--address 2001:db8::1 is no IPv4 address", "--ssh-from somewhere is not a network", "REDIS_URL is a secret",
                 "COLOUR in --secrets is no secret", "can be read by others: chmod 600", "--admin nobody is no e-mail address",
                 f"{tmp_path} has no livekit-conference for", "the host has none yet: --environment local, staging or production",
                 "the host has none yet: --domain NAME, such as meet.example.org"):
        assert part in output, f"{part!r} is not in\n{output}"
    assert "seen-by-all" not in output and state(bare) == before


def test_a_host_that_does_not_answer_is_said(operator):
    status, output = operator.try_run("deploy", "--ssh-option", "Port=2", "--check")
    assert status == 1 and "SSH to ubuntu@10.77.0.2 does not work" in output and "Try: ssh" in output


def test_check_says_what_would_be_done_and_does_nothing(bare, operator):
    before = state(bare)
    output = operator.run("deploy", "--check", *operator.first_options)
    assert "would: install livekit-conference_" in output and "would: rules of the firewall" in output, output
    assert "would: setting APP_ENV=local" in output, output
    assert state(bare) == before


def test_a_bare_host_comes_to_a_passing_canary(first, bare):
    for step in ("backend", "meeting", "join", "signalling", "webhook", "clean-up"):
        assert f"canary: passed {step}" in " ".join(first.split()), first
    assert bare.state("livekit-conference.target") == "active"
    assert bare.run("systemctl is-system-running") == "running"


def test_a_second_run_changes_nothing_and_says_so(first, bare, operator):
    before = state(bare)
    output = operator.run("deploy", *operator.first_options)
    assert output.strip().endswith("Nothing changed.") and " changed " not in output, output
    assert state(bare) == before


def test_where_there_is_a_recorder_the_canary_makes_a_recording(first, bare, operator, tmp_path, storage):
    assert "canary: skipped recording" in " ".join(first.split()), first
    # What LiveKit's stand-in needs to record in the recorder's place.
    bare.write("/etc/livekit-stand-in.json", json.dumps(
        {"endpoint": f"http://{OPERATOR}:4566", "bucket": "recordings", "access_key": "test", "secret": "test"}))
    (tmp_path / "more.env").write_text("EGRESS_CPUS=4\n")
    output = operator.run("deploy", "--packages", str(operator.packages), "--settings", str(tmp_path / "more.env"))
    for step in ("recording", "object", "clean-up"):
        assert f"canary: passed {step}" in " ".join(output.split()), output
    assert "setting EGRESS_CPUS=0" in operator.run("deploy", *operator.first_options)


def test_a_setting_is_changed_alone(first, bare, operator, tmp_path):
    bare.run("echo '# a line of the administrator' >>/etc/livekit-conference/livekit-conference.env")
    (tmp_path / "more.env").write_text("LOG_LEVEL=notice\n")
    process = bare.show("livekit-conference", "MainPID")
    output = operator.run("deploy", "--packages", str(operator.packages), "--settings", str(tmp_path / "more.env"))
    assert "setting LOG_LEVEL=notice" in output and "install livekit-conference" not in output, output
    text = bare.run("cat /etc/livekit-conference/livekit-conference.env")
    assert "LOG_LEVEL=notice" in text and "# a line of the administrator" in text and "PUBLIC_URL=https://meet.test" in text
    assert bare.show("livekit-conference", "MainPID") != process


def test_a_setting_that_is_refused_is_taken_back(first, bare, operator, tmp_path):
    (tmp_path / "wrong.env").write_text("S3_BUCKET=Not_A_Bucket\n")
    before = bare.run("cat /etc/livekit-conference/livekit-conference.env")
    status, output = operator.try_run("deploy", "--packages", str(operator.packages), "--settings", str(tmp_path / "wrong.env"))
    assert status == 1 and "S3_BUCKET" in output and "what ran before runs again" in output, output
    assert bare.run("cat /etc/livekit-conference/livekit-conference.env") == before
    assert bare.run("stat -c %a /etc/livekit-conference") == "755"
    assert bare.state("livekit-conference") == "active"


def test_no_secret_is_printed_or_left_behind(first, bare):
    secrets = [PASSWORD, *(bare.run(f"cat /etc/livekit-conference/credentials/{name}") for name in ("session_secret", "livekit_api_secret"))]
    everything = {"deploy": first, "the journal": bare.run("journalctl --no-pager --output=export"),
                  "the log": bare.run("cat /var/log/livekit-conference-deploy.log"),
                  "the process list": bare.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")}
    for secret in secrets:
        assert [name for name, text in everything.items() if secret in text] == []
    assert bare.run("find /var/lib/livekit-conference-deploy/incoming -type f") == ""
    assert bare.run("stat -c '%a %U' /var/lib/livekit-conference-deploy") == "700 root"


def test_the_administrator_can_sign_in(first, bare):
    body = f'{{"email": "{ADMINISTRATOR}", "password": "{PASSWORD}"}}'
    status = bare.run("curl --silent --insecure --output /dev/null --write-out '%{http_code}' --resolve meet.test:443:127.0.0.1"
                      " --header 'Origin: https://meet.test' --json @- https://meet.test/api/v1/session <<'B'\n" + body + "\nB")
    assert status == "201"
