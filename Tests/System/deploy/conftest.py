"""Fixtures for tests of deploy, rollback, backup and restore: a booted system with Oracle's firewall that is reached by SSH.

The stage `deploy` of ansible-free-scripts/test makes what these variables name.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packages"))

from machine import Machine  # noqa: E402
from network import Network  # noqa: E402
from operator_account import Operator  # noqa: E402
from services import Services, require  # noqa: E402

# The rules of Oracle's image of Ubuntu, of its chain InstanceServices only some.
RULES = (Path(__file__).parent / "oracle-rules.v4").read_text()


@dataclass(frozen=True)
class Setting:
    """What the stage has prepared."""

    packages: Path
    root: Path
    downloads: Path
    work: Path

    def machine(self, name: str, root: Path | None = None) -> Machine:
        shutil.rmtree(self.work / name, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", root or self.root, self.work / name], check=True)
        machine = Machine(self.work / name, self.work / f"{name}.log", self.downloads)
        machine.name = f"lkd-{name}-{os.getpid()}"
        return machine


@pytest.fixture(scope="session")
def setting() -> Setting:
    names = ("PACKAGES_UNDER_TEST", "PACKAGES_ROOT", "PACKAGES_DOWNLOADS", "PACKAGES_WORK")
    return Setting(*(Path(require(name)) for name in names))


@pytest.fixture(scope="session")
def network():
    network = Network()
    storage = urlsplit(require("TEST_S3_ENDPOINT"))
    network.offer(4566, (storage.hostname, storage.port))
    yield network
    network.close()


@pytest.fixture(scope="session")
def operator(setting, network) -> Operator:
    shutil.rmtree(setting.work / "operator", ignore_errors=True)
    return Operator(setting.work / "operator", network, setting.packages)


@pytest.fixture(scope="session")
def storage():
    """The bucket's own client."""
    return Services.from_environment().s3()


@pytest.fixture(scope="session")
def bare(setting, network, operator):
    """A host as the cloud gives it."""
    machine = setting.machine("bare")
    machine.write("/etc/iptables/rules.v4", RULES, 0o640)
    try:
        machine.boot()
        operator.is_known_to(machine)
        network.connect(machine)
        machine.wait_for_state("ssh.service", "active")
        yield machine
    finally:
        machine.shut_down()


def pytest_collection_modifyitems(items):
    """The first host is bare only once."""
    items.sort(key=lambda item: item.path.name != "test_deploy.py")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows the end of the journal with a failure."""
    outcome = yield
    report = outcome.get_result()
    for machine in getattr(item, "funcargs", {}).values():
        if report.failed and isinstance(machine, Machine) and machine.leader:
            text = machine.try_run("journalctl --no-pager --lines=30; systemctl --no-pager --failed").stdout
            report.sections.append(("journal", text))
