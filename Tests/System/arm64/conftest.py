"""The emulated arm64 machine on which an administrator has installed and configured our packages with apt.

The stage `arm64` of ansible-free-scripts/test builds what these variables name.
"""

import ssl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from emulated_machine import EmulatedMachine
from services import require

sys.path.append(str(Path(__file__).resolve().parents[1] / "packages"))
from administrator import AUTHORITY, PASSWORD  # noqa: E402
from built_packages import BuiltPackages  # noqa: E402
from installing import CONFIGURATION, HOST  # noqa: E402

BUILD_REPO = Path(__file__).resolve().parents[3] / "packaging/build-repo"
EVERYTHING = "livekit-conference-host livekit-egress"


@dataclass(frozen=True)
class Setting(BuiltPackages):
    """What the stage has prepared."""

    template: Path  # the machine without them
    work: Path


@pytest.fixture(scope="session")
def setting() -> Setting:
    return Setting(*(Path(require(name)) for name in ("PACKAGES_UNDER_TEST", "ARM64_MACHINE", "PACKAGES_WORK")))


@pytest.fixture(scope="session")
def repository(setting) -> Path:
    """A signed repository of the packages, as an image of a file system."""
    folder, image = setting.work / "repository", setting.work / "repository.ext4"
    done = subprocess.run(
        [BUILD_REPO, "--from", setting.packages, "--output", folder, "--key", setting.work / "key", "--url", "file:/srv/apt"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    assert done.returncode == 0, done.stdout
    size = sum(file.stat().st_size for file in folder.iterdir()) // 1_000_000 + 64
    subprocess.run(["mkfs.ext4", "-q", "-L", "packages", "-d", folder, image, f"{size}M"], check=True)
    return image


@dataclass(frozen=True)
class Installation:
    machine: EmulatedMachine
    output: str  # of apt
    started: str  # what the command that starts everything said


@pytest.fixture(scope="session")
def installation(setting, repository):
    machine = EmulatedMachine(setting.template, setting.work)
    try:
        machine.boot(repository)
        machine.run("udevadm settle && mkdir -p /srv/apt && mount -o ro LABEL=packages /srv/apt && cp /srv/apt/livekit-conference.pgp /usr/share/keyrings/"
                    " && cp /srv/apt/livekit-conference.sources /etc/apt/sources.list.d/ && apt-get -q update")
        output = machine.run(f"apt-get -q -y install {EVERYTHING}", timeout=900)
        machine.write("/etc/livekit-conference/livekit-conference.env", CONFIGURATION)
        machine.write("/etc/livekit-conference/credentials/s3_access_key", "access-key-1")
        machine.write("/etc/livekit-conference/credentials/s3_secret_key", "Zq8vY2mK4tR7xL0w")
        started = machine.run("livekit-conference-check && systemctl enable --now livekit-conference.target", timeout=600)
        machine.write("/root/password", PASSWORD)
        machine.run("livekit-conference-run user add --email admin@example.org --admin --password-file - </root/password")
        yield Installation(machine, output, started)
    finally:
        machine.end()


@pytest.fixture(scope="session")
def machine(installation) -> EmulatedMachine:
    return installation.machine


class Visitor:
    """Requests from outside, through Caddy, whose certificate is checked."""

    def __init__(self, machine: EmulatedMachine):
        authority = machine.run(f"cat /{AUTHORITY}")
        self.client = httpx.Client(
            base_url=f"https://127.0.0.1:{machine.port}", headers={"Host": HOST, "Origin": f"https://{HOST}"},
            verify=ssl.create_default_context(cadata=authority), timeout=120, trust_env=False)

    def request(self, method: str, path: str, expected: int, content: dict | None = None) -> dict:
        # The name is for the certificate.
        answer = self.client.request(method, path, json=content, extensions={"sni_hostname": HOST})
        assert answer.status_code == expected, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def sign_in(self) -> "Visitor":
        self.request("POST", "/api/v1/session", 201, {"email": "admin@example.org", "password": PASSWORD})
        return self


@pytest.fixture(scope="session")
def visitor(machine) -> Visitor:
    machine.wait_for_state("livekit-conference.service", "active")
    machine.wait_for_state("caddy.service", "active")
    return Visitor(machine)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows the end of the journal with a failure."""
    outcome = yield
    report = outcome.get_result()
    machine = getattr(item, "funcargs", {}).get("machine")
    if report.failed and isinstance(machine, EmulatedMachine) and machine.process.poll() is None:
        text = machine.try_run("journalctl --no-pager --lines=30; systemctl --no-pager --failed").stdout
        report.sections.append(("journal", text))
