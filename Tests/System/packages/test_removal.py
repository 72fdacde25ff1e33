"""Packages removed, installed again, and purged."""

CONFIGURATION = "/etc/livekit-conference"
PACKAGES = "livekit-conference-host livekit-conference-caddy livekit-conference livekit-server livekit-egress"
UNITS = ("livekit-conference.service", "livekit-conference.socket", "livekit-server.service", "livekit-egress.service")


def digests(machine) -> str:
    return machine.run(f"find {CONFIGURATION} -type f -exec sha256sum {{}} + | sort")


def exists(machine, path: str) -> bool:
    return machine.try_run(f"test -e {path}").returncode == 0


def test_removal_stops_everything_and_keeps_configuration_and_data(machine, administrator):
    meeting = administrator.make_meeting("Kept")
    machine.run(f"echo '# my own line' >>{CONFIGURATION}/livekit-conference.env")
    before = digests(machine)
    machine.run(f"apt-get -y remove {PACKAGES}", timeout=300)
    for unit in UNITS:
        assert machine.state(unit) == "inactive", unit
    assert machine.run("systemctl list-units --state=active --plain --no-legend 'livekit*'") == ""
    assert "3001" not in machine.run("ss -Hlnt") and "7881" not in machine.run("ss -Hlnt")
    assert machine.run("systemctl is-system-running") == "running", machine.run("systemctl --failed")
    assert digests(machine) == before

    machine.run("cd /root && apt-get -y install ./dist/*.deb", timeout=600)
    machine.wait_for_state(UNITS[0], "active")
    assert digests(machine) == before
    # Signed in as before.
    assert administrator.get(f"/api/v1/meetings/{meeting['id']}").json()["title"] == "Kept"
    assert machine.run("systemctl is-system-running") == "running"


def test_installation_over_itself_changes_nothing(machine):
    before = digests(machine)
    machine.run("cd /root && apt-get -y install --reinstall ./dist/*.deb", timeout=600)
    assert digests(machine) == before
    machine.wait_for_state(UNITS[0], "active")


def test_purge_removes_configuration_and_secrets_and_leaves_the_database(machine):
    secret = machine.run(f"cat {CONFIGURATION}/credentials/session_secret")
    machine.run(f"apt-get -y purge {PACKAGES}", timeout=300)
    for path in (CONFIGURATION, "/var/lib/livekit-conference-config", "/var/lib/livekit-conference-reports",
                 "/var/lib/livekit-egress", "/etc/redis/livekit-conference.conf",
                 "/etc/postgresql/18/main/conf.d/livekit-conference.conf"):
        assert not exists(machine, path), path
    assert machine.run("find /etc/systemd -name '*livekit*'") == ""
    machine.run("systemctl start postgresql@18-main")
    found = machine.run("psql --no-psqlrc -At -c 'SELECT count(*) > 0 FROM meetings' livekit_conference", user="postgres")
    assert found == "t"
    assert machine.run("systemctl is-system-running") == "running", machine.run("systemctl --failed")
    machine.reboot()
    assert machine.run("systemctl is-system-running") == "running", machine.run("systemctl --failed")

    # Installed anew it begins as on a new machine, with secrets of its own.
    output = machine.run("cd /root && apt-get -y install ./dist/*.deb", timeout=600)
    assert "installed, but not started: the configuration is not complete yet" in output
    assert machine.run(f"cat {CONFIGURATION}/credentials/session_secret") not in ("", secret)
    assert machine.run("systemctl is-system-running") == "running"
