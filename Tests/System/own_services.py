"""PostgreSQL, Redis and S3 that belong to one test, which may kill and freeze them."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import redis

from server import free_port, wait_until


def descendants(pid: int) -> list[int]:
    """The process and everything it started, parents first."""
    found = [pid]
    for process in found:
        try:
            found += map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
        except FileNotFoundError:
            pass
    return found


class OwnService:
    """A service on a port and in a folder of its own, which start() finds again."""

    account: str | None = None

    def __init__(self):
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="own-service-"))
        self.process: subprocess.Popen | None = None
        self.prepare_folder()
        if self.account:
            shutil.chown(self.folder, self.account, self.account)

    def prepare_folder(self):
        """For those that want more of it than that it is there."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def run(self, *command: str):
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self._credentials())

    def start(self):
        """Returns when the service answers; a try that ends early, while its killed predecessor still ends, is repeated."""

        def started() -> bool:
            if self.process is None or self.process.poll() is not None:
                with open(self.folder / "log", "ab") as log:
                    self.process = subprocess.Popen(
                        self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                        **self._credentials(),
                    )
            return self.answers()

        wait_until(started, 180, lambda: f"{type(self).__name__} did not start:\n{(self.folder / 'log').read_text()[-2000:]}")

    def _credentials(self) -> dict:
        if not self.account:
            return {}
        entry = pwd.getpwnam(self.account)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def kill(self):
        """kill -9 of the main process; waits for its end only."""
        self.process.kill()
        self.process.wait()

    @contextmanager
    def frozen(self):
        """SIGSTOP for the block: connections stay open, nothing answers."""
        self._signal_all(signal.SIGSTOP)
        try:
            yield
        finally:
            self.thaw()

    def thaw(self):
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: int):
        for pid in descendants(self.process.pid):
            # One of them may have ended meanwhile, as PostgreSQL's do with their connections.
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def remove(self):
        if self.process and self.process.poll() is None:
            self.thaw()
            self.kill()
        # What a killed service started may still write into its folder.
        wait_until(self._is_folder_gone, 30, f"{self.folder} is still used")

    def _is_folder_gone(self) -> bool:
        shutil.rmtree(self.folder, ignore_errors=True)
        return not self.folder.exists()


class OwnPostgres(OwnService):
    def __init__(self, programs: str):
        self.account = os.environ.get("TEST_POSTGRES_USER") or None  # PostgreSQL refuses root
        super().__init__()
        self.programs = programs
        self.run(f"{programs}/initdb", "-D", "data", "-U", "tests", "--auth=trust", "--encoding=UTF8",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions")

    def url(self, database: str) -> str:
        return f"postgresql://tests@127.0.0.1:{self.port}/{database}"

    def command(self) -> list[str]:
        return [f"{self.programs}/postgres", "-D", "data", "-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}",
                "-c", "unix_socket_directories=", "-c", "max_connections=100"]

    def answers(self) -> bool:
        check = [f"{self.programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(check).returncode == 0

    def rows(self, database: str, statement: str) -> list[tuple]:
        with psycopg.connect(self.url(database)) as connection:
            return connection.execute(statement).fetchall()


class OwnRedis(OwnService):
    def __init__(self, program: str):
        super().__init__()
        self.program, self.password = program, secrets.token_hex(16)
        settings = f"""
            bind 127.0.0.1
            port {self.port}
            requirepass {self.password}
            dir {self.folder}
            appendonly yes
            save ""
        """
        (self.folder / "redis.conf").write_text(settings)

    @property
    def url(self) -> str:
        return f"redis://default:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [self.program, "redis.conf"]

    def wait_until_written(self):
        """Until the file has what was acknowledged. While the disk is busy Redis answers up to two seconds before it writes."""
        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            wait_until(lambda: client.info("persistence")["aof_buffer_length"] == 0, 30, "Redis does not write its file")

    def answers(self) -> bool:
        try:
            return redis.Redis.from_url(self.url, socket_timeout=2).ping()
        except redis.RedisError:
            return False


class OwnS3(OwnService):
    """The S3 service that the test services use, LocalStack or moto."""

    def __init__(self, kind: str, python: str):
        super().__init__()
        self.kind, self.python = kind, python

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        if self.kind == "moto":
            return [self.python, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        return ["env", "SERVICES=s3", f"GATEWAY_LISTEN=127.0.0.1:{self.port}", f"LOCALSTACK_HOST=localhost:{self.port}",
                "S3_SKIP_SIGNATURE_VALIDATION=0", "EAGER_SERVICE_LOADING=1", "DISABLE_EVENTS=1",
                "SKIP_SSL_CERT_DOWNLOAD=1", "DNS_ADDRESS=0", "LS_LOG=warn", f"FILESYSTEM_ROOT={self.folder}/root",
                f"XDG_CACHE_HOME={self.folder}/cache", self.python, "-m", "localstack.runtime.main"]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                connection.settimeout(2)
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                return connection.recv(1) != b""
        except OSError:
            return False
