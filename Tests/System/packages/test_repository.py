"""A host that installs and upgrades from a repository made by packaging/build-repo, with plain apt."""

import shutil
import subprocess
from pathlib import Path

import pytest

from installing import CONFIGURATION

BUILD_REPO = Path(__file__).resolve().parents[3] / "packaging/build-repo"
# Only our repository: Debian's can't be reached from inside, and what it had is known.
UPDATE = ("apt-get -o Dir::Etc::SourceList=sources.list.d/livekit-conference.sources -o Dir::Etc::SourceParts=-"
          " -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any update")


@pytest.fixture(scope="module")
def build(setting, tmp_path_factory):
    """build(FOLDER) adds the packages in it to the repository."""
    folder = tmp_path_factory.mktemp("repository")

    def build(packages: Path) -> subprocess.CompletedProcess:
        return subprocess.run(
            [BUILD_REPO, "--from", packages, "--output", folder / "apt", "--key", folder / "key", "--url", "file:/srv/apt"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)

    build.folder = folder / "apt"
    done = build(setting.packages)
    assert done.returncode == 0, done.stdout
    return build


@pytest.fixture(scope="module")
def machine(setting, build):
    """A minimal system that knows the repository."""
    with setting.machine("repository") as machine:
        machine.boot()
        publish(machine, build)
        machine.copy(build.folder / "livekit-conference.pgp", "/usr/share/keyrings")
        machine.copy(build.folder / "livekit-conference.sources", "/etc/apt/sources.list.d")
        yield machine


def publish(machine, build) -> None:
    shutil.copytree(build.folder, machine.root / "srv/apt", dirs_exist_ok=True)


def test_a_second_run_changes_nothing(setting, build):
    before = {file.name: file.read_bytes() for file in build.folder.iterdir()}
    done = build(setting.packages)
    assert done.returncode == 0 and " changed " not in done.stdout, done.stdout
    assert {file.name: file.read_bytes() for file in build.folder.iterdir()} == before


def test_apt_installs_and_upgrades_a_host(machine, build, newer):
    machine.run(UPDATE)
    machine.run("apt-get -y install livekit-conference-host livekit-egress", timeout=600)
    machine.write("/etc/livekit-conference/livekit-conference.env", CONFIGURATION, 0o600)
    machine.write("/etc/livekit-conference/credentials/s3_access_key", "access-key-1", 0o600)
    machine.write("/etc/livekit-conference/credentials/s3_secret_key", "Zq8vY2mK4tR7xL0w", 0o600)
    machine.run("livekit-conference-check && systemctl enable --now livekit-conference.target")
    machine.wait_for_state("livekit-conference.service", "active")
    process = machine.show("livekit-conference.service", "MainPID")

    done = build(newer.parent)
    assert done.returncode == 0, done.stdout
    publish(machine, build)
    machine.run(UPDATE)
    output = machine.run("apt-get -y upgrade", timeout=300)
    assert "livekit-conference" in output
    assert machine.run("dpkg-query --show --showformat='${Version}' livekit-conference").endswith(".1")
    machine.wait_for_state("livekit-conference.service", "active")
    assert machine.show("livekit-conference.service", "MainPID") != process


def test_a_repository_that_someone_has_changed_is_refused(machine):
    index = machine.root / "srv/apt/InRelease"
    right = index.read_text()
    index.write_text(right.replace("Origin: livekit-conference", "Origin: somebody-elses"))
    (machine.root / "srv/apt/Release.gpg").unlink()
    refused = machine.try_run(UPDATE)
    index.write_text(right)
    assert refused.returncode != 0 and "signature" in refused.stdout.lower(), refused.stdout


def test_a_version_with_other_content_is_refused(build, setting, tmp_path):
    package = setting.package("livekit-conference-host")
    (tmp_path / package.name).write_bytes(package.read_bytes() + b"\n")
    done = build(tmp_path)
    assert done.returncode == 1 and "is in the repository with other content" in done.stdout and "--revision" in done.stdout
