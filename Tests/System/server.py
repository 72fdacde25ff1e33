"""The server under test: one process of livekit-conference with its own configuration, database, Redis keys and bucket."""

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx


def free_port() -> int:
    """A TCP port on loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds: float, what):
    """Calls `condition` until it is true; fails with `what` (text, or a function that makes it) after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(what() if callable(what) else what)


@dataclass
class Server:
    """A process of the program. `environment` is written to its env file, nothing else reaches it."""

    binary: str
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen | None = None
    options: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.environment["PUBLIC_URL"]

    @property
    def env_file(self) -> Path:
        return self.folder / "server.env"

    @property
    def log_file(self) -> Path:
        return self.folder / "server.log"

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def pid(self) -> int:
        assert self.process is not None, "the server was not started"
        return self.process.pid

    def write_environment(self):
        lines = [f"{name}={value}\n" for name, value in self.environment.items()]
        self.env_file.touch(mode=0o600)
        self.env_file.write_text("".join(lines))

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """Runs another subcommand with the same configuration, e.g. run("migrate", "--status")."""
        self.write_environment()
        return subprocess.run(
            [self.binary, *arguments, "--env-file", str(self.env_file)],
            **{"env": self.plain_environment(), "capture_output": True, "text": True, "timeout": 60, **options},
        )

    def plain_environment(self) -> dict[str, str]:
        # Sanitizer options and the loader's path matter to the process; configuration comes from the file alone.
        return {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "TSAN_OPTIONS", "ASAN_OPTIONS") if name in os.environ}

    def migrate_and_seed(self) -> "Server":
        """Gives the database its schema and the accounts of development."""
        for command in ("migrate", "seed"):
            done = self.run(command)
            assert done.returncode == 0, f"{command} failed:\n{done.stdout}{done.stderr}"
        return self

    def start(self, *, wait: bool = True, environment: dict[str, str] | None = None) -> "Server":
        """Starts `serve`; with `wait`, returns when /health/ready answers 200."""
        assert self.process is None or self.process.poll() is not None, "the server already runs"
        self.write_environment()
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", *self.options, "--env-file", str(self.env_file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**self.plain_environment(), **(environment or {})},
            )
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, seconds: float = 30):
        def ready() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode} while starting:\n{self.log[-4000:]}")
            try:
                return httpx.get(self.url + "/health/ready", timeout=2, trust_env=False).status_code == 200
            except httpx.HTTPError:
                return False

        wait_until(ready, seconds, lambda: f"the server was not ready within {seconds} s:\n{self.log[-4000:]}")

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals):
        self.process.send_signal(number)

    def stop(self, seconds: float = 30) -> int:
        """SIGTERM, then waits; returns the exit status. A server that doesn't end is killed and the test fails."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"the server did not end within {seconds} s of SIGTERM:\n{self.log[-4000:]}")
        return self.process.returncode

    def client(self, **options) -> httpx.Client:
        """An HTTP client with a cookie jar of its own that speaks to this server only."""
        return httpx.Client(base_url=self.url, **{"timeout": 30, "trust_env": False, **options})
