"""`livekit-conference doctor` on a host that was installed from the packages."""

import json


def doctor(machine, *names: str) -> dict:
    only = " ".join(f"--only {name}" for name in names)
    done = machine.try_run(f"livekit-conference doctor --json {only} 2>/dev/null")
    return {check["id"]: check for check in json.loads(done.stdout)["checks"]}


def outcomes(checks: dict) -> dict:
    return {name: check["outcome"] for name, check in checks.items()}


def test_units_packages_and_the_services_of_the_host_pass(machine):
    """As root it reads the service's own configuration, and asks the database by the service's account (peer)."""
    for unit in ("livekit-conference.service", "livekit-server.service", "livekit-egress.service", "caddy.service"):
        machine.wait_for_state(unit, "active")
    names = ("configuration", "versions.packages", "units.active", "units.enabled", "ports.held", "ports.listening",
             "database", "redis")
    checks = doctor(machine, *names)
    assert {check["outcome"] for check in checks.values()} == {"pass"}, checks


def test_a_unit_that_was_stopped_fails_with_what_to_do(machine):
    machine.run("systemctl stop livekit-server.service")
    checks = doctor(machine, "units.active", "ports.listening")
    assert outcomes(checks) == {"units.active": "fail", "ports.listening": "fail"}, checks
    assert "livekit-server.service is inactive" in checks["units.active"]["reason"]
    assert "systemctl start" in checks["units.active"]["remedy"]
    machine.run("systemctl start livekit-server.service")


def test_a_support_bundle_has_logs_and_no_secret(machine):
    machine.run("rm -f /root/bundle.tar; livekit-conference doctor --only units --support-bundle --output /root/bundle.tar")
    assert machine.run("stat --format=%a:%U /root/bundle.tar") == "600:root"
    names = machine.run("tar --list --file /root/bundle.tar").split()
    assert "livekit-conference-support/journal/livekit-conference.service.txt" in names
    machine.run("cd /etc/livekit-conference/credentials && for file in *; do "
                "! tar --extract --to-stdout --file /root/bundle.tar | grep --quiet --fixed-strings --file=$file || exit 1; done")
