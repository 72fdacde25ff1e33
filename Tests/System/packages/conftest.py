"""Fixtures for tests of the packages: a minimal Debian on which an administrator has installed and configured them.

The stage `packages` of ansible-free-scripts/test builds what these variables name.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from administrator import PASSWORD, Administrator
from installing import INSTALL, START, Setting, configure
from machine import Machine
from services import require


@pytest.fixture(scope="session")
def setting() -> Setting:
    names = ("PACKAGES_UNDER_TEST", "PACKAGES_ROOT", "PACKAGES_DOWNLOADS", "PACKAGES_WORK")
    return Setting(*(Path(require(name)) for name in names))


@dataclass(frozen=True)
class Installation:
    layer: Path  # what it has written
    output: str  # of apt
    listening: str  # before it was configured
    failed: str  # units, before it was configured
    is_running: str
    started: str  # what the command that starts everything said


@pytest.fixture(scope="session")
def installation(setting) -> Installation:
    """Everything installed and configured. Tests run on machines upon it."""
    with setting.machine("installed") as machine:
        machine.boot()
        setting.copy_packages(machine)
        output = machine.run(INSTALL, timeout=600)
        listening, failed = machine.run("ss -Hlntu"), machine.run("systemctl list-units --failed --plain --no-legend")
        is_running = machine.try_run("systemctl is-system-running").stdout.strip()
        configure(machine)
        started = machine.run(START)
        machine.write("/root/password", PASSWORD, 0o600)
        machine.run("livekit-conference-run user add --email admin@example.org --admin --password-file - </root/password")
    return Installation(setting.work / "installed/written", output, listening, failed, is_running, started)


@pytest.fixture(scope="module")
def machine(installation, setting, request) -> Machine:
    """The installed system, booted."""
    with setting.machine(request.module.__name__, installation.layer) as machine:
        yield machine.boot()
    subprocess.run(["rm", "-rf", setting.work / request.module.__name__], check=True)


@pytest.fixture
def administrator(machine) -> Administrator:
    """Signed in through Caddy."""
    machine.wait_for_state("livekit-conference.service", "active")
    return Administrator(machine).sign_in()


@pytest.fixture(scope="session")
def newer(setting, tmp_path_factory) -> Path:
    """The next version of the program's package: the same program with one migration more."""
    return with_migration(setting, tmp_path_factory.mktemp("newer"), ".1", "add_colour",
                          "ALTER TABLE meetings ADD COLUMN colour text NOT NULL DEFAULT 'blue';")


@pytest.fixture(scope="session")
def broken(setting, tmp_path_factory) -> Path:
    """A version before that one, whose migration fails half-way."""
    return with_migration(setting, tmp_path_factory.mktemp("broken"), ".0", "break_everything",
                          "CREATE TABLE half_done (id integer);\nSELECT nonsense;")


def with_migration(setting, folder: Path, suffix: str, name: str, statements: str) -> Path:
    """The program's package in a version with the suffix and one migration more."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", setting.package("livekit-conference"), tree], check=True)
    control = tree / "DEBIAN/control"
    version = re.search(r"^Version: (.+)$", control.read_text(), re.MULTILINE)[1]
    control.write_text(control.read_text().replace(f"Version: {version}\n", f"Version: {version}{suffix}\n"))
    migrations = tree / "usr/share/livekit-conference/migrations"
    newest = len(list(migrations.glob("*.sql")))
    (migrations / f"{newest + 1:04}_{name}.sql").write_text(f"-- compatible-from: {newest}\n{statements}\n")
    (tree / "DEBIAN/md5sums").unlink()
    package = folder / f"livekit-conference_{version}{suffix}_{machine_architecture()}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, package], check=True, stdout=subprocess.DEVNULL)
    return package


def machine_architecture() -> str:
    return subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows the end of the journal with a failure."""
    outcome = yield
    report = outcome.get_result()
    machine = getattr(item, "funcargs", {}).get("machine")
    if report.failed and isinstance(machine, Machine) and machine.leader:
        text = machine.try_run(
            "journalctl --no-pager --lines=30; systemctl --no-pager --failed; for unit in $(systemctl --failed --plain --no-legend"
            " | cut -d' ' -f1); do journalctl --no-pager --lines=20 --unit=$unit; done").stdout
        report.sections.append(("journal", text))
