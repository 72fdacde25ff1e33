"""Runs provision-oci and destroy-oci with Oracle's own client against the stand-in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from loaded_client import CALLER
from stand_in_oci import REGION, TENANCY, USER, StandInOracle

SCRIPTS = Path(__file__).resolve().parents[3] / "ansible-free-scripts"
CLIENT = Path(os.environ["OCI_CLIENT_FOLDER"])


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    """A folder for PATH, with Oracle's client in it."""
    folder = tmp_path_factory.mktemp("client")
    path = folder / "socket"
    server = subprocess.Popen([CLIENT / "python", Path(__file__).with_name("loaded_client.py"), path])
    try:
        while not path.exists():
            assert server.poll() is None, "Oracle's client can't be loaded"
            time.sleep(0.1)
        caller = folder / "oci"
        caller.write_text(CALLER.format(python=sys.executable, path=str(path)))
        caller.chmod(0o755)
        yield folder
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def oracle(key):
    oracle = StandInOracle(key.public_key())
    yield oracle
    oracle.stop()


class Operator:
    """Someone with a profile of Oracle's client, who runs the scripts."""

    def __init__(self, folder: Path, client: Path, oracle: StandInOracle, key: rsa.RSAPrivateKey):
        self.folder = folder
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "api.pem").write_bytes(pem)
        (folder / "api.pem").chmod(0o600)
        (folder / "id.pub").write_text("ssh-ed25519 AAAA operator\n")
        self.write_profile()
        self.environment = {
            "HOME": str(folder),
            "PATH": f"{client}:{os.environ['PATH']}",
            "OCI_CLI_CONFIG_FILE": str(folder / "config"),
            "OCI_CLI_ENDPOINT": oracle.url,
            "OCI_S3_ENDPOINT": oracle.url,
            "OCI_POLL": "0.05",
            "OCI_CAPACITY_PAUSE": "0.05",
        }

    def write_profile(self, **changes: str) -> None:
        values = {"user": USER, "tenancy": TENANCY, "region": REGION, "fingerprint": ":".join(["ab"] * 16),
                  "key_file": str(self.folder / "api.pem"), **changes}
        path = self.folder / "config"
        path.write_text("[DEFAULT]\n" + "".join(f"{name}={value}\n" for name, value in values.items()))
        path.chmod(0o600)

    def start(self, script: str, *options: str) -> subprocess.Popen:
        # A group of its own: what a test kills is the script with the client that it runs.
        return subprocess.Popen(
            [str(SCRIPTS / script), *options], env=self.environment, cwd=self.folder, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )

    def run(self, script: str, *options: str, typed: str = "") -> subprocess.CompletedProcess:
        process = self.start(script, *options)
        output, _ = process.communicate(typed, timeout=3600)
        return subprocess.CompletedProcess(process.args, process.returncode, output)

    @property
    def access(self) -> list[str]:
        """The options without which provision-oci makes nothing."""
        return ["--ssh-from", "198.51.100.7/32", "--ssh-key", str(self.folder / "id.pub")]

    def provision(self, *options: str) -> subprocess.CompletedProcess:
        return self.run("provision-oci", *self.access, *options)

    def provision_until(self, oracle: StandInOracle, is_reached: Callable[[], bool]) -> subprocess.CompletedProcess:
        """Killed after the first change with which `is_reached` is true, if there is one."""
        process = self.start("provision-oci", *self.access)
        oracle.after_change = lambda: is_reached() and os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate(timeout=3600)
        oracle.after_change = None
        assert process.returncode in (0, -signal.SIGKILL), output
        return subprocess.CompletedProcess(process.args, process.returncode, output)

    @property
    def outcome(self) -> Path:
        return self.folder / ".config/livekit-conference/livekit-conference"


@pytest.fixture
def operator(tmp_path, client, oracle, key):
    return Operator(tmp_path, client, oracle, key)
