"""What systemd does when programs hang, die, or crash again and again."""

import ctypes
import os
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from administrator import configured

API = "livekit-conference.service"
PIDFD_GETFD = 438  # the system call's number, the same on every architecture


def main_pid(machine, unit: str = API) -> str:
    return machine.show(unit, "MainPID")


def wait_for_another_process(machine, before: str, unit: str = API) -> None:
    def is_another() -> bool:
        return machine.state(unit) == "active" and main_pid(machine, unit) not in ("0", before)

    machine.wait_until(is_another, f"{unit} did not come back")


def test_an_api_that_hangs_is_restarted_by_the_watchdog(machine, administrator):
    before = main_pid(machine)
    machine.run(f"kill -STOP {before}")
    wait_for_another_process(machine, before)
    assert "Watchdog timeout" in machine.journal(f"--unit={API}")
    assert administrator.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize("unit", [API, "livekit-server.service", "livekit-egress.service", "caddy.service"])
def test_a_program_that_is_killed_is_back(machine, unit):
    machine.wait_for_state(unit, "active")
    before = main_pid(machine, unit)
    machine.run(f"kill -KILL {before}")
    wait_for_another_process(machine, before, unit)


def test_egress_ends_its_recordings_when_it_is_stopped(machine):
    machine.wait_for_state("livekit-egress.service", "active")
    machine.wait_until(lambda: "service ready" in machine.journal("--unit=livekit-egress"), "the recorder is not ready")
    machine.run("systemctl restart livekit-egress")
    assert "egress: recordings ended" in machine.journal("--unit=livekit-egress")


@pytest.fixture
def started_again(machine):
    """Whatever becomes of a test, those after it find everything running."""
    yield
    machine.run(f"rm -rf /run/systemd/system/{API}.d && systemctl daemon-reload && systemctl reset-failed"
                " && systemctl start livekit-conference.target")


def test_an_api_that_crashes_at_once_is_reported_and_left_alone_then_mended(machine, started_again):
    """As long as its program is broken; then a later look of the timer starts it."""
    machine.run(f"systemctl reset-failed {API} && rm -f /var/lib/livekit-conference-reports/*")
    begun = time.monotonic()
    machine.run(f"mkdir -p /run/systemd/system/{API}.d && printf '[Service]\\nExecStart=\\nExecStart=/usr/bin/false\\n'"
                f" >/run/systemd/system/{API}.d/broken.conf && systemctl daemon-reload && systemctl --no-block restart {API}")
    machine.wait_until(lambda: machine.show(API, "Result") == "start-limit-hit", "it was never left alone", 240)
    assert machine.state(API) == "failed"
    assert int(machine.show(API, "NRestarts")) <= 30
    machine.wait_for_state(f"livekit-conference-report@{API}.service", "inactive")
    # One a minute, and not one for each crash.
    reports = machine.run("ls /var/lib/livekit-conference-reports/*.txt").split()
    assert len(reports) <= 1 + (time.monotonic() - begun) // 60
    report = machine.run(f"cat {reports[0]}")
    assert report.startswith(f"{API} failed: exit-code. ")
    for part in ("== State", "== The last lines of its log", "status=1/FAILURE", "== Configuration",
                 "The configuration is good for production.", "== Disk", "== Memory", "MemTotal:"):
        assert part in report, f"{part!r} is not in\n{report}"
    assert f"{API} failed (exit-code). Report: /var/lib/livekit-conference-reports/" in machine.journal(
        "'--unit=livekit-conference-report@*'")
    # The others go on.
    assert machine.state("livekit-server.service") == machine.state("caddy.service") == "active"
    machine.run(f"rm /run/systemd/system/{API}.d/broken.conf && systemctl daemon-reload")
    assert machine.state("livekit-conference-recover.timer") == "active"
    # It has not been left alone for long enough, so it is not tried again every minute.
    machine.run("systemctl start livekit-conference-recover.service")
    assert machine.state(API) == "failed"
    unit = "livekit-conference-recover.service"
    machine.run(f"mkdir /run/systemd/system/{unit}.d && printf '[Service]\\nEnvironment=RECOVER_AFTER=0\\n'"
                f" >/run/systemd/system/{unit}.d/soon.conf && systemctl daemon-reload && systemctl start {unit}")
    machine.wait_for_state(API, "active")
    machine.wait_for_state("livekit-conference.socket", "active")
    assert f"Starting what has failed: {API}" in machine.journal("--unit=livekit-conference-recover")


def test_the_target_stops_and_starts_everything(machine):
    units = (API, "livekit-conference.socket", "livekit-server.service", "livekit-egress.service", "caddy.service")
    machine.run("systemctl stop livekit-conference.target")
    for unit in units:
        machine.wait_for_state(unit, "inactive")
    machine.run("systemctl start livekit-conference.target")
    for unit in units:
        machine.wait_for_state(unit, "active")


def test_the_socket_opens_again_while_something_still_holds_the_one_before(machine):
    """As children do that set up the sandbox of a service which is stopped meanwhile."""
    inode = machine.run("ss -Hlnte 'sport = :3001'").split(" ino:")[1].split()[0]
    with held(machine.leader, inode):
        machine.run("systemctl restart livekit-conference.target")
    machine.wait_for_state(API, "active")
    assert machine.state("livekit-conference.socket") == "active"


@contextmanager
def held(process: int, inode: str):
    """PROCESS's socket with that number is open in this process too."""
    numbers = (link.name for link in Path(f"/proc/{process}/fd").iterdir() if os.readlink(link) == f"socket:[{inode}]")
    other = os.pidfd_open(process)
    descriptor = ctypes.CDLL(None, use_errno=True).syscall(PIDFD_GETFD, other, int(next(numbers)), 0)
    os.close(other)
    assert descriptor >= 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        os.close(descriptor)


# Timers


@pytest.fixture
def watch(machine):
    """watch(NAME=VALUE) is what the look at disks and certificates ended with and said."""
    unit = "livekit-conference-watch.service"

    def watch(**settings: str) -> tuple[bool, str]:
        # This machine's own disk is as full as it is.
        lines = "".join(f"Environment={name}={value}\n" for name, value in ({"WATCH_DISK_PERCENT": "100"} | settings).items())
        machine.run(f"mkdir -p /run/systemd/system/{unit}.d && printf '[Service]\n%s' '{lines}'"
                    f" >/run/systemd/system/{unit}.d/test.conf && systemctl daemon-reload")
        before = machine.run("journalctl --quiet --lines=0 --show-cursor").removeprefix("-- cursor: ")
        done = machine.try_run(f"systemctl start {unit}")
        # Not by its invocation: what the journal reads only after the unit has ended carries none.
        return done.returncode == 0, machine.journal(f"--unit={unit} --after-cursor='{before}'")

    yield watch
    machine.run(f"rm -rf /run/systemd/system/{unit}.d && systemctl daemon-reload && systemctl reset-failed")


def test_a_disk_that_fills_up_is_told_until_it_is_mended(machine, watch):
    machine.wait_for_state("caddy.service", "active")
    machine.run("systemctl stop livekit-egress && mount -t tmpfs -o size=1m tmpfs /var/lib/livekit-egress")
    try:
        assert watch()[0], watch()
        machine.try_run("dd if=/dev/zero of=/var/lib/livekit-egress/recording bs=64k")
        is_well, said = watch()
        assert not is_well and "the disk of /var/lib/livekit-egress is 100 % full. What to do: " in said
        assert machine.run("systemctl is-system-running || true") == "degraded"
    finally:
        machine.run("umount /var/lib/livekit-egress")
    assert watch()[0]
    assert machine.run("systemctl is-system-running") == "running"
    machine.run("systemctl start livekit-egress")


def test_a_certificate_that_nobody_renews_is_told(machine, watch):
    """Of 10 days, one is left."""
    machine.run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=meet.test -keyout /run/old.key"
                " -out /run/old.crt -not_before $(date -u --date=-9days +%y%m%d%H%M%SZ) -not_after $(date -u --date=+1day +%y%m%d%H%M%SZ)")
    machine.run("systemd-run --quiet --unit=old openssl s_server -quiet -accept 127.0.0.1:8443 -cert /run/old.crt -key /run/old.key")
    machine.wait_until(lambda: "8443" in machine.run("ss -Hlnt"), "openssl does not listen")
    is_well, said = watch(WATCH_PROXY="127.0.0.1:8443")
    machine.run("systemctl stop old")
    assert not is_well and "the certificate of meet.test ends on " in said and "and was not renewed" in said
    is_well, said = watch(WATCH_PROXY="127.0.0.1:8443")
    assert not is_well and "meet.test is served with no certificate" in said
    assert watch()[0]


def test_data_is_deleted_when_its_time_has_come(machine, administrator):
    old, new = administrator.make_meeting("Old"), administrator.make_meeting("New")
    ended = "UPDATE meetings SET state = 'ended', ended_at = now() - interval '3 days' WHERE id = '{}'"
    machine.run(f'psql --no-psqlrc -c "{ended.format(old["id"])}" livekit_conference', user="postgres")
    run = "systemctl start livekit-conference-retention"
    machine.run(run)
    assert administrator.get(f"/api/v1/meetings/{old['id']}").status_code == 200
    with configured(machine, MEETING_RETENTION_DAYS="2", EVENT_RETENTION_DAYS="2"):
        machine.run(run)
    assert administrator.get(f"/api/v1/meetings/{old['id']}").status_code == 404
    assert administrator.get(f"/api/v1/meetings/{new['id']}").status_code == 200
    said = machine.journal("--unit=livekit-conference-retention")
    assert "neither EVENT_RETENTION_DAYS nor MEETING_RETENTION_DAYS is set" in said and "changed: meetings deleted: 1" in said
