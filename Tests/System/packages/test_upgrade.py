"""Restarts, upgrades and downgrades while people use the videoconference."""

import pytest

from administrator import API, PROXY, Administrator
from installing import EVERYTHING
from steady_load import SteadyLoad
from test_doctor import doctor, outcomes

UNIT = "livekit-conference.service"
RESTARTS = 20


@pytest.fixture
def load(machine):
    users = [Administrator(machine).sign_in() for _ in (PROXY, API)]
    # The session's cookie is the same by the socket itself.
    users[1].url = API
    meeting = users[0].make_meeting("Steady")
    with SteadyLoad(users, meeting) as load:
        machine.wait_until(lambda: load.answered > 20, "there is no load")
        yield load


def wait_for_more(machine, load, count: int = 20) -> None:
    before = load.answered
    machine.wait_until(lambda: load.answered >= before + count or load.failures, "nothing is answered any more")


def installed_version(machine) -> str:
    return machine.run("dpkg-query --show --showformat='${Version}' livekit-conference")


def schema(machine) -> list[str]:
    return machine.run("psql --no-psqlrc -At -c 'SELECT name FROM schema_migrations ORDER BY version' livekit_conference",
                       user="postgres").splitlines()


def install(machine, package) -> str:
    machine.copy(package, "/root/other")
    return machine.run(f"apt-get -y --allow-downgrades install /root/other/{package.name}", timeout=300)


def test_no_request_fails_while_the_api_is_restarted_again_and_again(machine, load):
    for _ in range(RESTARTS):
        machine.run(f"systemctl restart {UNIT}")
        wait_for_more(machine, load)
    load.__exit__()
    assert load.failures == []
    assert {url for url, _, _ in load.answers} == {PROXY, API}


def test_everything_may_be_restarted_again_and_again_under_load(machine, load):
    """As after a change of the configuration. Caddy and the socket are closed meanwhile, so requests may fail."""
    for _ in range(RESTARTS):
        # So often is no administrator's way.
        machine.run(f"systemctl reset-failed && systemctl restart {EVERYTHING}")
        assert machine.run(f"systemctl is-active {UNIT} livekit-conference.socket").split() == ["active", "active"]
        for url in (PROXY, API):
            before = load.answers[url, "GET", 200]
            machine.wait_until(lambda: load.answers[url, "GET", 200] > before, f"{url} answers no more")


def test_a_migration_that_fails_leaves_running_what_runs_and_is_reported(machine, setting, broken):
    migrate, process, rows = "livekit-conference-migrate.service", machine.show(UNIT, "MainPID"), schema(machine)
    before = installed_version(machine)
    output = install(machine, broken)
    assert "the migrations of the database failed; what runs goes on running" in output
    # Why, what runs, and the way back.
    said = output.split("what runs goes on running")[1]
    assert "_break_everything.sql, line 3 failed and was rolled back" in said
    assert "Started again, or after a reboot, it is the new version" in said
    assert f"apt install livekit-conference={before} --allow-downgrades" in said
    assert machine.show(UNIT, "MainPID") == process and schema(machine) == rows
    Administrator(machine).sign_in()
    # It is told once, and not tried again and again.
    assert [machine.show(migrate, name) for name in ("ActiveState", "ExecMainStatus", "NRestarts")] == ["failed", "65", "0"]
    find = "find /var/lib/livekit-conference-reports -name '*-livekit-conference-migrate.service.txt' -size +0"
    machine.wait_until(lambda: machine.run(find) != "", "there is no report")
    machine.wait_for_state(f"livekit-conference-report@{migrate}.service", "inactive")
    report = machine.run(f"cat $({find})")
    assert report.startswith(f"{migrate} failed: exit-code")
    assert "_break_everything.sql, line 3 failed and was rolled back" in report and "nonsense" in report
    checks = doctor(machine, "units.failed", "database.migrations")
    assert outcomes(checks) == {"units.failed": "fail", "database.migrations": "fail"}, checks
    assert "_break_everything.sql" in checks["database.migrations"]["reason"]
    # Begun anew, the program waits for its schema, and a version that is right ends that.
    machine.run(f"systemctl restart --no-block {UNIT}")
    machine.wait_until(lambda: "break_everything" in machine.show(UNIT, "StatusText"), "the API does not say what it waits for")
    install(machine, setting.package("livekit-conference"))
    machine.wait_for_state(UNIT, "active")
    assert machine.run("systemctl is-system-running") == "running", machine.run("systemctl --failed")
    Administrator(machine).sign_in()


def test_no_request_fails_during_an_upgrade_and_the_way_back(machine, setting, newer, load):
    meeting = load.administrators[0].make_meeting("Before the upgrade")
    # As with a version that had no such timer.
    machine.run("systemctl stop livekit-conference-watch.timer")
    before, process, rows = installed_version(machine), machine.show(UNIT, "MainPID"), schema(machine)
    install(machine, newer)
    assert installed_version(machine) == before + ".1"
    assert schema(machine) == [*rows, "add_colour"]
    upgraded = machine.show(UNIT, "MainPID")
    assert upgraded != process and machine.state(UNIT) == machine.state("livekit-conference-watch.timer") == "active"
    wait_for_more(machine, load)
    during = load.administrators[0].make_meeting("After the upgrade")

    output = install(machine, setting.package("livekit-conference"))
    assert "failed" not in output
    assert installed_version(machine) == before
    assert machine.show(UNIT, "MainPID") != upgraded and machine.state(UNIT) == "active"
    assert schema(machine) == [*rows, "add_colour"]
    wait_for_more(machine, load)
    load.__exit__()
    assert load.failures == []
    user = load.administrators[0]
    for known in (meeting, during):
        assert user.get(f"/api/v1/meetings/{known['id']}").json()["title"] == known["title"]
        user.join(known, "Ann")
    assert "a newer program has migrated the database" in machine.journal(f"--unit={UNIT}")


def test_an_upgrade_keeps_secrets_and_what_the_administrator_has_edited(machine, setting, newer):
    paths = "/etc/livekit-conference/livekit-conference.env /etc/livekit-conference/credentials/* /etc/redis/livekit-conference.conf"
    machine.run("echo '# my own line' >>/etc/livekit-conference/livekit-conference.env")
    before = machine.run(f"sha256sum {paths}")
    install(machine, newer)
    assert machine.run(f"sha256sum {paths}") == before


def test_an_upgrade_with_a_wrong_configuration_leaves_running_what_runs(machine, setting, newer):
    install(machine, setting.package("livekit-conference"))
    process = machine.show(UNIT, "MainPID")
    machine.run("cp -p /etc/livekit-conference/livekit-conference.env /root/right.env"
                " && echo S3_BUCKET=Not_A_Bucket >>/etc/livekit-conference/livekit-conference.env")
    output = install(machine, newer)
    assert "the new version refuses the configuration; what runs goes on" in output and "S3_BUCKET" in output
    assert machine.show(UNIT, "MainPID") == process
    assert Administrator(machine).sign_in().cookie != ""
    machine.run("cp -p /root/right.env /etc/livekit-conference/livekit-conference.env && systemctl restart livekit-conference.target")
    machine.wait_for_state(UNIT, "active")
