"""Someone who deploys from their own machine, by SSH with a key."""

import os
import subprocess
from pathlib import Path

from machine import Machine
from network import HOST, OPERATOR, SECOND_OPERATOR, Network

SCRIPTS = Path(__file__).resolve().parents[3] / "ansible-free-scripts"
ADMINISTRATOR, PASSWORD = "admin@example.org", "correct-horse-battery-staple"
SETTINGS = f"""\
# The recorder is a stand-in.
EGRESS_CPUS=0
# More than load can reach.
RATE_LIMIT_PER_MINUTE=1000000
RATE_LIMIT_BURST=1000000
S3_ENDPOINT=http://{OPERATOR}:4566
S3_BUCKET=recordings
S3_REGION=us-east-1
"""


class Operator:
    def __init__(self, folder: Path, network: Network, packages: Path, account: str = "ubuntu", binds: bool = True):
        self.folder, self.network, self.packages, self.account = folder, network, packages, account
        # Whether connections come from a certain address of the operator.
        self.binds = binds
        folder.mkdir()
        # Names that are known to the operator's machine alone.
        self.hosts = folder / "hosts"
        self.hosts.write_text("127.0.0.1 localhost\n")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"], check=True)
        for name, text in (("settings.env", SETTINGS), ("secrets.env", "S3_ACCESS_KEY=test\nS3_SECRET_KEY=test\n"),
                           ("password", PASSWORD)):
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)

    def knows(self, name: str, address: str) -> None:
        self.hosts.write_text(f"127.0.0.1 localhost\n{address} {name}\n")

    def is_known_to(self, machine: Machine, address: str = HOST) -> None:
        """An account as Oracle's images have it: the operator's key, and root by sudo. The videoconference's name leads to the machine."""
        machine.run(f"id {self.account} >/dev/null 2>&1 || useradd --create-home --shell /bin/bash {self.account}")
        machine.run("grep -qw $(hostname) /etc/hosts || echo 127.0.1.1 $(hostname) >>/etc/hosts")
        machine.run(f"grep -qw meet.test /etc/hosts || echo {address} meet.test >>/etc/hosts")
        machine.write(f"/etc/sudoers.d/{self.account}", f"{self.account} ALL=(ALL) NOPASSWD:ALL\n", 0o440)
        machine.write(f"/home/{self.account}/.ssh/authorized_keys", (self.folder / "key.pub").read_text())
        machine.run(f"chown -R {self.account}: /home/{self.account}/.ssh && chmod 700 /home/{self.account}/.ssh")

    def ssh_options(self, address: str) -> list[str]:
        return [f"IdentityFile={self.folder}/key", "IdentitiesOnly=yes", f"UserKnownHostsFile={self.folder}/known_hosts",
                "StrictHostKeyChecking=accept-new", *([f"BindAddress={address}"] if self.binds else [])]

    def start(self, script: str, *options: str, host: str = HOST, address: str | None = None, **environment: str) -> subprocess.Popen:
        address = address or (OPERATOR if host == HOST else SECOND_OPERATOR)
        ssh = [part for option in self.ssh_options(address) for part in ("--ssh-option", option)]
        return subprocess.Popen(
            [*self.network.prefix(), "unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', self.hosts, SCRIPTS / script, f"{self.account}@{host}", *ssh, *options],
            env={**os.environ, "TMPDIR": str(self.folder), **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )

    def try_run(self, script: str, *options: str, timeout: float = 600, **environment: str) -> tuple[int, str]:
        process = self.start(script, *options, **environment)
        try:
            output, _ = process.communicate(timeout=timeout)
        finally:
            process.kill()
        return process.returncode, output

    def run(self, script: str, *options: str, **environment: str) -> str:
        status, output = self.try_run(script, *options, **environment)
        assert status == 0, output
        return output

    @property
    def first_options(self) -> list[str]:
        """What a host that has nothing yet is deployed with."""
        return ["--packages", str(self.packages), "--environment", "local", "--domain", "meet.test", "--settings", f"{self.folder}/settings.env",
                "--secrets", f"{self.folder}/secrets.env", "--admin", ADMINISTRATOR, "--admin-password", f"{self.folder}/password"]
