"""From start to stop: readiness, systemd's protocols, logs, and an end that loses nobody's request."""

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest

from load import ADMIN, UNLIMITED, Connection, Truncated, Unanswered, sign_in
from server import Server, wait_until


@pytest.fixture
def prepared(make_server) -> Server:
    """A server on a migrated and seeded database, not started."""
    server = make_server(LOG_FORMAT="json", **UNLIMITED)
    server.migrate_and_seed()
    return server


def test_it_is_ready_quickly(prepared):
    times = []
    for _ in range(5):
        began = time.monotonic()
        prepared.start(wait=False)
        wait_until(lambda: answers(prepared), 10, "not ready")
        times.append(time.monotonic() - began)
        assert prepared.stop() == 0
    print(f"start to ready: {', '.join(f'{1000 * seconds:.0f}' for seconds in sorted(times))} ms")
    assert min(times) < 2


def answers(server: Server) -> bool:
    host, port = server.environment["LISTEN"].split(":")
    try:
        with socket.create_connection((host, int(port)), 1) as connection:
            connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return connection.recv(100).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


# SIGTERM


class Draining:
    """What became of the requests around a SIGTERM."""

    def __init__(self, server: Server, cookie: str, code: str):
        self.server, self.cookie, self.code = server, cookie, code
        self.terminated: float | None = None
        self.statuses: dict[int, int] = {}
        self.lost: list[str] = []
        self.joined: set[str] = set()
        self.answered_after = 0

    async def run(self):
        workers = [asyncio.create_task(self.work(fresh)) for fresh in [True] * 12 + [False] * 12]
        # Password checks take long, so that some are certainly in flight.
        workers += [asyncio.create_task(self.work(True, sign_in=True)) for _ in range(4)]
        await self.until(lambda: sum(self.statuses.values()) > 500)
        self.terminated = time.monotonic()
        self.server.signal(signal.SIGTERM)
        await asyncio.wait_for(asyncio.gather(*workers), 40)

    async def until(self, condition):
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end, f"the load did not get going: {self.statuses}, {self.lost[:3]}"
            await asyncio.sleep(0.01)

    async def work(self, fresh: bool, sign_in: bool = False):
        connection = Connection(self.server.url, self.cookie)
        while True:
            if connection.streams is None:
                try:
                    await connection.open()
                except ConnectionError:
                    if self.terminated:
                        return
                    raise
            sent = time.monotonic()
            try:
                if sign_in:
                    answer = await connection.request("POST", "/api/v1/session", ADMIN)
                else:
                    answer = await connection.request("POST", f"/api/v1/join/{self.code}", {"displayName": "Guest"})
            except Unanswered:
                # Sent after the signal, the request may have met a connection that was just being closed as idle,
                # or waiting in the queue of the listening socket; a client may safely repeat it. Before, it may not.
                if self.terminated is None or sent < self.terminated:
                    self.lost.append("no answer to a request in flight")
                if self.terminated:
                    return
            except Truncated:
                self.lost.append("half an answer")
            else:
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
                if self.terminated and sent < self.terminated:
                    self.answered_after += 1
                if answer.status == 200:
                    self.joined.add(answer.json()["participant"]["id"])
            if fresh:
                connection.close()


def test_sigterm_under_load_loses_no_request_in_flight(prepared, services, database):
    prepared.start()
    cookie = sign_in(prepared)
    with prepared.client(headers={"Cookie": cookie}) as client:
        code = client.post("/api/v1/meetings", json={"title": "Drain"}).json()["joinCode"]
    draining = Draining(prepared, cookie, code)
    asyncio.run(draining.run())
    assert prepared.process.wait(30) == 0
    print(f"answers by status: {draining.statuses}; {draining.answered_after} were in flight at SIGTERM")
    assert draining.lost == []
    assert draining.answered_after > 0, "nothing was in flight: the test shows nothing"
    assert set(draining.statuses) <= {200, 201, 503}
    with psycopg.connect(services.url_of_database(database)) as connection:
        stored = {row[0] for row in connection.execute("SELECT id::text FROM participants").fetchall()}
    assert draining.joined <= stored


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_stops_at_once_with_status_0(prepared, number):
    prepared.start()
    began = time.monotonic()
    prepared.signal(number)
    assert prepared.process.wait(10) == 0
    assert time.monotonic() - began < 5


# systemd


class NotifySocket:
    """What systemd would hear on NOTIFY_SOCKET."""

    def __init__(self):
        # The path of a socket is short.
        self.folder = tempfile.mkdtemp(prefix="notify-")
        self.path = self.folder + "/socket"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(0.1)
        self.heard: list[str] = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()
        shutil.rmtree(self.folder)

    def hears(self, line: str, times: int = 1) -> bool:
        try:
            while sum(heard == line for heard in self.heard) < times:
                self.heard += self.socket.recv(4096).decode().splitlines()
        except TimeoutError:
            return False
        return True


def test_systemd_hears_ready_watchdog_and_stopping(prepared):
    with NotifySocket() as notify:
        prepared.start(wait=False, environment={"NOTIFY_SOCKET": notify.path, "WATCHDOG_USEC": "400000"})
        wait_until(lambda: notify.hears("READY=1"), 10, lambda: f"no READY=1 in {notify.heard}")
        assert answers(prepared), "READY=1 came before the server was ready"
        wait_until(lambda: notify.hears("WATCHDOG=1", times=3), 10, lambda: f"no WATCHDOG=1 in {notify.heard}")
        statuses = [line for line in notify.heard if line.startswith("STATUS=")]
        address = prepared.url.removeprefix("http://")
        assert statuses[-1].startswith(f"STATUS=Ready; listening on {address}."), statuses
        assert '"client_address":"watchdog"' not in prepared.log and "client_address=watchdog" not in prepared.log
        prepared.signal(signal.SIGTERM)
        wait_until(lambda: notify.hears("STOPPING=1"), 10, lambda: f"no STOPPING=1 in {notify.heard}")
        assert prepared.process.wait(10) == 0


def test_health_asks_over_the_unix_socket_that_listen_names(prepared):
    folder = tempfile.mkdtemp(prefix="listen-")
    try:
        prepared.environment["LISTEN"] = f"unix:{folder}/api"
        prepared.environment["PUBLIC_URL"] = "http://127.0.0.1:9"
        assert prepared.run("health").returncode == 69
        prepared.start(wait=False)
        wait_until(lambda: prepared.run("health").returncode == 0, 20, lambda: f"health does not answer:\n{prepared.log[-2000:]}")
        assert '"postgresql"' in prepared.run("health").stdout
    finally:
        prepared.stop()
        shutil.rmtree(folder)


def test_the_watchdog_starves_when_the_server_hangs(prepared):
    with NotifySocket() as notify:
        prepared.start(environment={"NOTIFY_SOCKET": notify.path, "WATCHDOG_USEC": "400000"})
        wait_until(lambda: notify.hears("WATCHDOG=1", times=2), 10, "no WATCHDOG=1")
        prepared.signal(signal.SIGSTOP)
        notify.hears("WATCHDOG=1", times=10**6)  # whatever was sent before
        before = len(notify.heard)
        notify.socket.settimeout(1)
        assert not notify.hears("WATCHDOG=1", times=10**6) and len(notify.heard) == before
        prepared.signal(signal.SIGCONT)


# Takes the place of systemd: the socket becomes descriptor 3 of the process, which learns so by LISTEN_PID.
LAUNCHER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""


def start_with_socket(server: Server, listener: socket.socket):
    server.write_environment()
    with open(server.log_file, "ab") as log:
        server.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, str(listener.fileno()), server.binary, "serve", "--env-file", str(server.env_file)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[listener.fileno()], env=server.plain_environment(),
        )


def ask_waiting(listener: socket.socket, path: str = "/health/live") -> bytes:
    """Connects, sends and waits for the answer, as a client who comes at a bad moment does."""
    with socket.create_connection(listener.getsockname(), 30) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
        return answer


def test_with_an_inherited_socket_a_restart_refuses_no_connection(prepared):
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        answered: list[bytes] = []
        client = threading.Thread(target=lambda: answered.append(ask_waiting(listener)))
        client.start()  # before there is a server
        start_with_socket(prepared, listener)
        client.join(30)
        assert len(answered) == 1 and answered[0].startswith(b"HTTP/1.1 200")
        prepared.signal(signal.SIGTERM)
        assert prepared.process.wait(30) == 0
        client = threading.Thread(target=lambda: answered.append(ask_waiting(listener)))
        client.start()  # between two servers
        start_with_socket(prepared, listener)
        client.join(30)
        assert len(answered) == 2 and answered[1].startswith(b"HTTP/1.1 200")


# Addresses and logs


def test_a_second_server_on_the_port_says_so(prepared, make_server):
    prepared.start()
    second = make_server(LISTEN=prepared.environment["LISTEN"], DATABASE_URL=prepared.environment["DATABASE_URL"])
    done = second.run("serve", timeout=20)
    message = done.stdout + done.stderr
    assert done.returncode > 0
    assert prepared.environment["LISTEN"] in message and "in use" in message.lower(), message
    assert answers(prepared)


def test_logs_are_json_lines_with_the_request_and_without_secrets(prepared):
    prepared.start()
    secrets_seen = [ADMIN["password"], "guessed-password", "passcode-2718", "wrong-passcode"]
    with prepared.client() as client:
        client.post("/api/v1/session", json={**ADMIN, "password": "guessed-password"})
        secrets_seen.append(client.post("/api/v1/session", json=ADMIN).cookies["session"])
        meeting = client.post("/api/v1/meetings", json={"title": "Logged", "settings": {"passcode": "passcode-2718"}}).json()
        join = f"/api/v1/join/{meeting['joinCode']}"
        secrets_seen.append(meeting["joinCode"])
        guest = {"displayName": "Guest"}
        client.cookies.clear()
        assert client.post(join, json={**guest, "passcode": "wrong-passcode"}).status_code == 403
        client.get(join + "?access_token=in-the-query")
        ticket = client.post(join, json={**guest, "passcode": "passcode-2718"})
        secrets_seen += [ticket.json()["connection"]["token"], "in-the-query"]
        request_id = ticket.headers["X-Request-Id"]
    assert prepared.stop() == 0
    for name in ("SESSION_SECRET", "LIVEKIT_API_SECRET", "DATABASE_URL", "REDIS_URL"):
        secrets_seen.append(prepared.environment[name])
    secrets_seen += [prepared.environment[name].split(":")[2].split("@")[0] for name in ("DATABASE_URL", "REDIS_URL")]

    log = prepared.log
    lines = [json.loads(line) for line in log.splitlines()]
    assert [secret for secret in secrets_seen if secret in log] == []
    request = next(line for line in lines if line.get("request_id") == request_id)
    assert request["http_method"] == "POST" and request["http_route"] == "/api/v1/join/{code}"
    assert int(request["http_status"]) == 200 and float(request["duration_ms"]) > 0
    assert request["meeting_id"] == meeting["id"]


def test_secrets_are_not_in_the_process_list(prepared):
    prepared.start()
    command_line = Path(f"/proc/{prepared.pid}/cmdline").read_text()
    assert "serve" in command_line
    for name in ("SESSION_SECRET", "LIVEKIT_API_SECRET", "DATABASE_URL", "REDIS_URL"):
        assert prepared.environment[name] not in command_line
