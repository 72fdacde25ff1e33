"""How an administrator installs and configures the packages on a minimal system. Needs Python alone, since the benchmark does it too."""

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from built_packages import BuiltPackages
from machine import Machine

EVERYTHING = "livekit-conference.target"
ENVIRONMENT = "/etc/livekit-conference/livekit-conference.env"
HOST = "meet.test"
# Rates that load can't reach, and a storage that is never there: nothing outside is.
CONFIGURATION = f"""\
APP_ENV=production
PUBLIC_URL=https://{HOST}
FRONTEND_URL=https://{HOST}
LIVEKIT_PUBLIC_URL=wss://{HOST}
TRUSTED_PROXIES=127.0.0.1,::1
S3_ENDPOINT=https://storage.test
S3_BUCKET=recordings
S3_REGION=eu-frankfurt-1
PROXY_CERTIFICATES=internal
LIVEKIT_NODE_IP=192.0.2.1
RATE_LIMIT_PER_MINUTE=1000000
RATE_LIMIT_BURST=1000000
RATE_LIMIT_SIGN_IN_PER_MINUTE=100000
RATE_LIMIT_SIGN_IN_PER_ACCOUNT_PER_MINUTE=100000
"""
INSTALL = "cd /root && apt-get -y install ./dist/*.deb"
START = f"livekit-conference-check && systemctl enable --now {EVERYTHING}"


@dataclass(frozen=True)
class Setting(BuiltPackages):
    """What the stage has prepared."""

    root: Path  # a minimal system
    downloads: Path  # what apt has fetched for it
    work: Path  # where machines may keep what they write

    def copy_packages(self, machine: Machine) -> None:
        for package in self.packages.glob("*.deb"):
            if "-dbgsym_" not in package.name:
                machine.copy(package, "/root/dist")

    @contextmanager
    def machine(self, name: str, *layers: Path):
        """A machine of the minimal system with LAYERS upon it, which all stay as they are. What it writes is a layer of its own,
        `written`. Switched off at the end."""
        folder = self.work / name
        subprocess.run(["rm", "-rf", folder], check=True)
        for part in ("written", "work", "root"):
            (folder / part).mkdir(parents=True)
        options = f"lowerdir={':'.join(map(str, (*layers, self.root)))},upperdir={folder}/written,workdir={folder}/work"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, folder / "root"], check=True)
        machine = Machine(folder / "root", self.work / f"{name}.log", self.downloads)
        try:
            yield machine
        finally:
            machine.shut_down()
            subprocess.run(["umount", folder / "root"], check=True)


def configure(machine: Machine) -> None:
    machine.write(ENVIRONMENT, CONFIGURATION, 0o600)
    machine.write("/etc/livekit-conference/credentials/s3_access_key", "access-key-1", 0o600)
    machine.write("/etc/livekit-conference/credentials/s3_secret_key", "Zq8vY2mK4tR7xL0w", 0o600)
