"""Our packages on an emulated Ampere core, from apt to power-off. One machine goes through all of it, in this order."""

import re
import struct
import subprocess

import pytest
from livekit import api

UNITS = (
    "livekit-conference.service", "livekit-conference.socket", "livekit-conference.target", "livekit-server.service",
    "livekit-egress.service", "caddy.service", "redis-server.service", "postgresql@18-main.service",
)
API = UNITS[0]
# MB of the package once it is installed. All of Foundation alone would be more than twice that.
SIZE_LIMIT = 20


@pytest.fixture(scope="module")
def meeting(visitor) -> dict:
    return visitor.sign_in().request("POST", "/api/v1/meetings", 201, {"title": "On another architecture"})


# The packages


def test_programs_are_for_arm64_and_so_are_their_packages(setting, tmp_path):
    program = tmp_path / "usr/bin/livekit-conference"
    package = setting.package("livekit-conference")
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path], check=True)
    assert struct.unpack_from("<H", program.read_bytes(), 18)[0] == 183, "EM_AARCH64"
    for name in ("livekit-conference", "livekit-server", "livekit-egress", "livekit-conference-dbgsym"):
        assert field(setting.package(name), "Architecture") == "arm64", name
    assert field(setting.package("livekit-conference-host"), "Architecture") == "all"
    depends = field(package, "Depends")
    for library in ("libpq5", "libhiredis1.1.0", "libmicrohttpd12t64", "libcurl4t64", "libcjose0", "libargon2-1", "libssl3t64", "libsystemd0"):
        assert re.search(rf"\b{re.escape(library)} \(>= ", depends), f"{library} is not in: {depends}"
    assert "libswift" not in depends and "libFoundation" not in depends


def test_the_program_is_small(setting):
    size = int(field(setting.package("livekit-conference"), "Installed-Size")) / 1024
    assert size < SIZE_LIMIT, f"{size:.1f} MB"


def field(package, name: str) -> str:
    return subprocess.run(["dpkg-deb", "--field", package, name], check=True, capture_output=True, text=True).stdout.strip()


# The machine


def test_apt_installs_them(machine, installation):
    assert machine.run("uname -m") == "aarch64" and machine.run("dpkg --print-architecture") == "arm64"
    assert "installed, but not started: the configuration is not complete yet" in installation.output
    assert "The configuration is good for production." in installation.started


def test_everything_runs(machine):
    for unit in UNITS:
        machine.wait_for_state(unit, "active")
    assert machine.run("systemctl list-units --failed --plain --no-legend") == ""
    assert "main: ready" in machine.run(f"journalctl --no-pager --output=cat --unit={API}").splitlines()
    assert machine.show(API, "StatusText").startswith("Ready; listening on 127.0.0.1:3001.")


def test_health_answers_through_caddy(machine, visitor):
    def states() -> dict[str, str]:
        return {service["service"]: service["status"] for service in visitor.request("GET", "/health", 200)["services"]}

    machine.wait_until(lambda: states()["livekit"] == "ok", "the API did not find LiveKit")
    # The machine has no object storage.
    assert states() | {"storage": "failed"} == states() and states()["postgresql"] == states()["redis"] == "ok"


def test_a_meeting_is_created_and_its_token_is_one_that_livekit_takes(machine, visitor, meeting):
    joined = visitor.request("POST", f"/api/v1/join/{meeting['joinCode']}", 200, {"displayName": "Ann"})
    key, secret = (machine.run(f"cat /etc/livekit-conference/credentials/livekit_api_{name}") for name in ("key", "secret"))
    claims = api.TokenVerifier(key, secret).verify(joined["connection"]["token"])
    assert claims.name == "Ann" and claims.video.room_join and claims.video.room == meeting["id"]


def test_an_api_that_hangs_is_restarted_by_the_watchdog(machine, visitor):
    before = machine.show(API, "MainPID")
    machine.run(f"kill -STOP {before}")
    machine.wait_until(lambda: machine.show(API, "MainPID") not in ("0", before), "it was not restarted")
    machine.wait_for_state(API, "active")
    assert "Watchdog timeout" in machine.run(f"journalctl --no-pager --output=cat --unit={API}")
    assert visitor.request("GET", "/api/v1/session", 200)["account"]["email"] == "admin@example.org"


def test_it_comes_back_after_a_reboot(machine, visitor, meeting):
    machine.reboot()
    for unit in UNITS:
        machine.wait_for_state(unit, "active")
    assert visitor.request("GET", f"/api/v1/meetings/{meeting['id']}", 200)["title"] == "On another architecture"
    # The boot before ended in order.
    journal = machine.run(f"journalctl --no-pager --output=cat --boot=-1 --unit={API}")
    assert f"{API}: Deactivated successfully." in journal and journal.count("Watchdog timeout") == 1


def test_it_powers_off_and_leaves_a_clean_disk(machine):
    assert machine.power_off() == 0
    assert "reboot: Power down" in machine.console.read_text(errors="replace")
    state = subprocess.run(["dumpe2fs", "-h", machine.disk_image()], check=True, capture_output=True, text=True).stdout
    assert re.search(r"^Filesystem state: +clean$", state, re.MULTILINE) and "needs_recovery" not in state, state
