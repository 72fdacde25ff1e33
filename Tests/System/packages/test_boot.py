"""A boot with something wrong: a clear state, a clear line in the journal, and everything is well once the cause is gone."""

import re

from administrator import Administrator
from installing import ENVIRONMENT

UNIT = "livekit-conference.service"


def test_everything_comes_back_after_a_reboot(machine, administrator):
    meeting = administrator.make_meeting("Before the reboot")
    machine.reboot()
    assert machine.run("systemctl is-system-running") == "running"
    # The session as well.
    assert administrator.get(f"/api/v1/meetings/{meeting['id']}").json()["title"] == "Before the reboot"


def test_a_wrong_configuration_at_boot(machine):
    machine.run(f"cp -p {ENVIRONMENT} /root/right.env && sed -i 's/^S3_BUCKET=.*/S3_BUCKET=Not_A_Bucket/' {ENVIRONMENT}")
    machine.reboot()
    machine.wait_for_state(UNIT, "failed")
    assert machine.run("systemctl is-system-running || true") == "degraded"
    assert machine.show(UNIT, "ExecMainStatus") == "78" and machine.show(UNIT, "NRestarts") == "0"
    lines = machine.journal(f"--unit={UNIT}", "--boot")
    assert "S3_BUCKET" in lines, lines
    # What was written last stays, so calls can go on.
    assert machine.state("caddy.service") == machine.state("livekit-server.service") == "active"
    machine.run(f"cp -p /root/right.env {ENVIRONMENT} && systemctl start livekit-conference-recover.service")
    machine.wait_for_state(UNIT, "active")
    assert machine.run("systemctl is-system-running") == "running"
    Administrator(machine).sign_in()


def test_no_database_at_boot(machine):
    machine.run("rm -f /var/lib/livekit-conference-reports/* && systemctl mask postgresql@18-main.service")
    machine.reboot(wait=False)
    waiting = "Waiting for the database"
    machine.wait_until(lambda: waiting in machine.show(UNIT, "StatusText"), "the API does not say what it waits for")
    assert machine.state(UNIT) == "activating"
    assert "not ready: waiting for the database" in machine.journal(f"--unit={UNIT}", "--boot")
    machine.wait_for_state("caddy.service", "active")
    answer = Administrator(machine).get("/health/ready")
    assert answer.status_code == 503
    machine.run("systemctl unmask postgresql@18-main.service && systemctl start postgresql@18-main.service")
    machine.wait_for_state(UNIT, "active")
    machine.wait_for_state("livekit-conference-migrate.service", "inactive")
    # What systemd tries until it succeeds has not failed.
    assert machine.run("find /var/lib/livekit-conference-reports -name '*migrate*'") == ""
    Administrator(machine).sign_in()


def test_a_full_disk(machine):
    """The database's disk, small here, filled to the last block."""
    machine.run("""
        set -e
        systemctl stop postgresql@18-main
        mv /var/lib/postgresql/18/main /root/main
        install -d -o postgres -g postgres -m 700 /var/lib/postgresql/18/main
        mount -t tmpfs -o size=$(($(du -sm /root/main | cut -f1) + 24))m,mode=700,uid=$(id -u postgres),gid=$(id -g postgres) \\
            tmpfs /var/lib/postgresql/18/main
        cp -a /root/main/. /var/lib/postgresql/18/main
        systemctl start postgresql@18-main
    """)
    user = Administrator(machine)
    machine.wait_until(lambda: user.get("/health/ready").status_code == 200, "the API did not find the database again")
    user.sign_in()
    kept = user.make_meeting("Before the disk was full")
    machine.try_run("dd if=/dev/zero of=/var/lib/postgresql/18/main/filler bs=64k; sync")
    refused = None
    for number in range(3000):
        answer = user.request("POST", "/api/v1/meetings", {"title": f"{number} " + "x" * 100})
        if answer.status_code != 201:
            refused = answer
            break
    assert refused is not None, "the disk was never full"
    assert refused.status_code in (500, 503) and refused.json()["code"] != "", refused.text
    assert machine.state(UNIT) == "active"
    machine.wait_until(lambda: "No space left on device" in machine.journal("--identifier=postgresql"), "PostgreSQL says nothing")
    # The API's own line has the reason, as the database gave it.
    assert re.search(r"http_status=50[03] .* cause=.", machine.journal(f"--unit={UNIT}", "--boot")), "the API does not say why"
    machine.run("rm /var/lib/postgresql/18/main/filler && systemctl start postgresql@18-main")
    machine.wait_until(lambda: user.get("/health/ready").status_code == 200, "the API did not find the database again")
    assert user.get(f"/api/v1/meetings/{kept['id']}").json()["title"] == kept["title"]
    user.make_meeting("Afterwards")
