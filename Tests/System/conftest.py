"""Fixtures for tests of the whole program: the built binary against real PostgreSQL, Redis and S3.

A test asks for `server` and gets a running process with an empty database, Redis database and bucket of its own.
`make_server` gives servers that are not started yet, with changed settings. `client` is an HTTP client of `server`.
"""

import itertools
import os
import secrets
from pathlib import Path

import pytest

from server import Server, free_port
from services import Services, require
from real_livekit import RealLiveKit
from stand_in_egress import Storage
from stand_in_livekit import LiveKit

ROOT = Path(__file__).resolve().parents[2]
# Each of the processes that run tests side by side has databases of its own.
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
REDIS_NUMBERS = itertools.cycle(range(1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]), 16, WORKERS))


@pytest.fixture(scope="session")
def services() -> Services:
    return Services.from_environment()


@pytest.fixture(scope="session")
def binary() -> str:
    """The path of the program under test."""
    path = require("LIVEKIT_CONFERENCE_BIN")
    assert Path(path).is_file(), f"LIVEKIT_CONFERENCE_BIN={path} is not there: run ansible-free-scripts/test --only system"
    return path


@pytest.fixture
def database(services):
    """The name of a database that doesn't exist yet; dropped at the end."""
    name = services.new_database_name()
    yield name
    services.drop_database(name)


@pytest.fixture
def redis_number(services) -> int:
    """The number of an empty Redis database."""
    number = next(REDIS_NUMBERS)
    services.redis(number).flushdb()
    return number


@pytest.fixture
def bucket() -> str:
    """The name of a bucket that doesn't exist yet."""
    return "test-" + secrets.token_hex(8)


@pytest.fixture
def livekit(services, bucket):
    """A running stand-in for the LiveKit server, with nothing in it. Webhooks come once `livekit.webhooks.url` is set."""
    storage = Storage(services.s3_endpoint, bucket, services.s3_access_key, services.s3_secret_key)
    livekit = LiveKit("testkey", secrets.token_hex(32), storage=storage).start()
    yield livekit
    livekit.stop()


@pytest.fixture
def real_livekit(tmp_path):
    """start(webhook_url) -> a running server of LIVEKIT_SERVER_BIN; None where that names none."""
    program = os.environ.get("LIVEKIT_SERVER_BIN")
    made: list[RealLiveKit] = []

    def start(webhook_url: str) -> RealLiveKit:
        made.append(RealLiveKit(program, tmp_path, webhook_url))
        return made[-1].start()

    yield start if program else None
    for server in made:
        server.stop()


@pytest.fixture
def environment(services, database, redis_number, bucket, livekit) -> dict[str, str]:
    """A complete and right configuration for APP_ENV=local."""
    port = free_port()
    return {
        "APP_ENV": "local",
        "LISTEN": f"127.0.0.1:{port}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "FRONTEND_URL": "http://localhost:3000",
        "MIGRATIONS_DIR": str(ROOT / "migrations"),
        "DATABASE_URL": services.url_of_database(database),
        "REDIS_URL": services.url_of_redis(redis_number),
        "S3_ENDPOINT": services.s3_endpoint,
        "S3_ACCESS_KEY": services.s3_access_key,
        "S3_SECRET_KEY": services.s3_secret_key,
        "S3_BUCKET": bucket,
        "S3_REGION": "us-east-1",
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_PUBLIC_URL": "ws://localhost:7880",
        "LIVEKIT_API_KEY": livekit.key,
        "LIVEKIT_API_SECRET": livekit.secret,
        "SESSION_SECRET": secrets.token_hex(32),
    }


@pytest.fixture
def make_server(binary, environment, tmp_path):
    """make_server(NAME=value, ...) -> Server, not started, not migrated; None takes a variable away. All are stopped at the end."""
    made: list[Server] = []

    def make(**changes: str | None) -> Server:
        folder = tmp_path / f"server-{len(made)}"
        folder.mkdir()
        settings = dict(environment)
        if made:
            port = free_port()
            settings |= {"LISTEN": f"127.0.0.1:{port}", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        for name, value in changes.items():
            if value is None:
                settings.pop(name, None)
            else:
                settings[name] = value
        made.append(Server(binary, folder, settings))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(make_server) -> Server:
    """A running server on a migrated, empty database."""
    server = make_server()
    migrated = server.run("migrate")
    assert migrated.returncode == 0, f"migrate failed:\n{migrated.stdout}{migrated.stderr}"
    return server.start()


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows the server's last log lines with a failure."""
    outcome = yield
    report = outcome.get_result()
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(server, Server):
        report.sections.append(("server log", server.log[-8000:]))
