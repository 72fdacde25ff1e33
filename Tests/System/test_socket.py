"""What strangers can do to the socket: broken requests by the thousand, slow senders, slow readers, endless contents.

The server answers or hangs up, keeps nothing of it, and serves the others meanwhile. Long: BROKEN_REQUESTS=200000, with
BROKEN_REQUESTS_SEED=... to begin where a failure was.
"""

import asyncio
import os
import random
import re
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from load import UNLIMITED
from server import Server, wait_until

BROKEN_REQUESTS = int(os.environ.get("BROKEN_REQUESTS", "5000"))
# What a refusal may be. Everything else that is 5xx would be our mistake.
CLEAR = {400, 401, 403, 404, 405, 406, 408, 409, 411, 412, 413, 414, 415, 417, 422, 429, 431, 501, 505}
MEGABYTE = 1 << 20


@pytest.fixture
def server(make_server) -> Server:
    return make_server(HTTP_MAX_CONNECTIONS_PER_ADDRESS="200", **UNLIMITED).migrate_and_seed().start()


def memory(server: Server) -> int:
    """Bytes that the process holds in memory."""
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())[1]) * 1024


def descriptors(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.pid}/fd"))


@contextmanager
def somebody_else(server: Server):
    """Asks all the time, from an address of their own, and is answered each time."""
    ended, failures, answered = threading.Event(), [], []

    def ask():
        transport = httpx.HTTPTransport(local_address="127.0.0.9")
        with httpx.Client(base_url=server.url, trust_env=False, timeout=20, transport=transport) as client:
            while not ended.wait(0.02):
                try:
                    status = client.get("/api/v1/configuration").status_code
                except httpx.HTTPError as error:
                    status = repr(error)
                (answered if status == 200 else failures).append(status)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        wait_until(lambda: answered or failures, 30, "nobody was answered before it began")
        yield answered
    finally:
        ended.set()
        thread.join(60)
    assert answered and not failures, f"{len(failures)} of {len(answered) + len(failures)} failed, the first: {failures[:1]}"


WHOLE = [
    b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /api/v1/meetings?limit=5 HTTP/1.1\r\nHost: a\r\nCookie: session=AAAA.BBBB\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
    b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"email\":\"a\",\"b\":1}\n",
    b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\n{\"a\":\r\n2;x=y\r\n1}\r\n0\r\nTrailer: x\r\n\r\n",
    b"GET /api/v1/meetings/01900000-0000-7000-8000-000000000001/events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 1-0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"PUT /api/v1/account/password HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
]  # fmt: skip
PIECES = [
    b"\0", b"\r\n\0", b"\r\n\0\r\n", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"\t", b":", b"%", b"%00", b"\xff", b"\xc3\xa9", b"A" * 5000,
    b"Host: b\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"ffffffffffffffff\r\n", b"GET / HTTP/1.1\r\n",
    b"HTTP/9.9", b"../../", b"\x16\x03\x01\x02\x00", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"0\r\n\r\n", b"X" * 100 + b": y\r\n",
]  # fmt: skip


def broken(chance: random.Random) -> bytes:
    """One to three requests one behind the other, with something put in, taken away or doubled."""
    request = bytearray(b"".join(chance.choice(WHOLE) for _ in range(chance.choice((1, 1, 1, 2, 3)))))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(request) + 1)
        match chance.randrange(4):
            case 0:
                request[at:at] = chance.choice(PIECES)
            case 1:
                del request[at : at + chance.randint(1, 12)]
            case 2:
                request[at : at + 1] = bytes([chance.randrange(256)])
            case 3:
                request[at:at] = request[at : at + chance.randint(1, 40)]
    return bytes(request)


async def exchange(port: int, sent: bytes) -> list[int]:
    """The statuses of all answers until the server hangs up, or has no more to say: after an answer it may wait for a request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    try:
        writer.write(sent)
        await writer.drain()
        writer.write_eof()
        while part := await asyncio.wait_for(reader.read(65536), 0.5 if received else 60):
            received += part
    except TimeoutError:
        assert received, f"no answer and no end for {sent!r}"
    except OSError:
        pass  # it hung up on what was still being sent
    finally:
        writer.close()
    return [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d{3}) ", received, re.MULTILINE)]


def storm(server: Server, requests: list[bytes]) -> list[tuple[bytes, list[int]]]:
    port = int(server.url.rsplit(":", 1)[1])
    pending, answers = list(reversed(requests)), []

    async def work():
        while pending:
            request = pending.pop()
            answers.append((request, await exchange(port, request)))

    async def all_workers():
        await asyncio.gather(*(work() for _ in range(64)))

    asyncio.run(all_workers())
    return answers


@pytest.mark.slow
def test_broken_requests_are_refused_and_leave_nothing(server):
    seed = int(os.environ.get("BROKEN_REQUESTS_SEED", random.randrange(1_000_000)))
    print(f"{BROKEN_REQUESTS} broken requests, again with BROKEN_REQUESTS_SEED={seed}")
    chance = random.Random(seed)
    requests = [broken(chance) for _ in range(BROKEN_REQUESTS)]
    with somebody_else(server) as others:
        storm(server, requests[: BROKEN_REQUESTS // 5])
        warm, opened = memory(server), descriptors(server)
        began = time.monotonic()
        answers = storm(server, requests[BROKEN_REQUESTS // 5 :])
        took = time.monotonic() - began
    wait_until(lambda: descriptors(server) <= opened + 20, 60, lambda: f"{descriptors(server)} descriptors, {opened} before")
    grown = memory(server) - warm
    found: dict[int, int] = {}
    for request, statuses in answers:
        for status in statuses:
            found[status] = found.get(status, 0) + 1
            assert status < 300 or status in CLEAR, f"{status} for {request!r}"
    print(f"{len(answers) / took:.0f} a second; memory grew by {grown / MEGABYTE:.1f} MB to {memory(server) / MEGABYTE:.0f} MB; "
          f"others were answered {len(others)} times; statuses {dict(sorted(found.items()))}")  # fmt: skip
    assert server.is_running() and found
    assert grown < 32 * MEGABYTE
    assert " error " not in server.log and '"level":"error"' not in server.log


def test_a_nul_anywhere_in_a_head_is_refused(server):
    """libmicrohttpd 0.9 takes it for the end of a text, of a line or of the head: everyone else sees another request."""
    heads = [request.split(b"\r\n\r\n")[0] + b"\r\n\r\n" for request in WHOLE]
    places = [(head, at) for head in heads for at in range(len(head))]
    # In place of a byte, and before it; but a NUL for the CR of a line end is overwritten like that before anyone could look.
    requests = [head[:at] + b"\0" + head[at + cut :] for head, at in places for cut in (0, 1) if head[at + cut : at + cut + 1] != b"\n"]
    answers = storm(server, requests)
    # "Continue" is the library's own.
    final = [(request, [status for status in statuses if status != 100]) for request, statuses in answers]
    wrong = [f"{statuses} for {request!r}" for request, statuses in final if statuses and statuses[0] < 400]
    assert len(answers) > 1000
    assert not wrong, "\n".join(wrong[:20])


def test_endless_contents_are_refused_before_they_are_read(server):
    document = httpx.get(f"{server.url}/api/openapi.json", trust_env=False).json()
    before, most = memory(server), 0
    paths = [(path, method) for path, methods in document["paths"].items() for method, operation in methods.items()
             if isinstance(operation, dict) and "requestBody" in operation]  # fmt: skip
    assert len(paths) > 15
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    for path, method in paths:
        path = re.sub(r"\{[^}]+\}", "01900000-0000-7000-8000-000000000001", path)
        for framing, content in ((b"Content-Length: 9000000000", b" " * 0x10000), (b"Transfer-Encoding: chunked", piece)):
            head = f"{method.upper()} {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n".encode()
            sent, answer = pour(server, head + framing + b"\r\n\r\n", content)
            most = max(most, sent)
            assert re.match(rb"HTTP/1\.1 (400|401|403|404|413|415) ", answer), f"{method} {path}: {answer[:200]!r} after {sent} bytes"
    grown = memory(server) - before
    print(f"{2 * len(paths)} endless contents: at most {most / MEGABYTE:.1f} MB were sent, memory grew by {grown / MEGABYTE:.1f} MB")
    # What fits into the sockets' buffers counts as sent.
    assert most < 24 * MEGABYTE and grown < 64 * MEGABYTE


def pour(server: Server, head: bytes, content: bytes) -> tuple[int, bytes]:
    """Sends the content again and again until there is an answer or an end; what was sent, and the answer."""
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), 30) as connection:
        connection.sendall(head)
        connection.setblocking(False)
        end = time.monotonic() + 60
        while time.monotonic() < end and sent < 1024 * MEGABYTE:
            try:
                sent += connection.send(content)
            except BlockingIOError:
                time.sleep(0.001)
            except OSError:
                break
            try:
                answer = connection.recv(65536)
                break
            except BlockingIOError:
                continue
            except OSError:
                break
    return sent, answer


@pytest.mark.slow
def test_slow_senders_and_readers_lose_their_connection_and_hold_up_nobody(server):
    port = int(server.url.rsplit(":", 1)[1])
    before, opened = memory(server), descriptors(server)
    slow = []
    with somebody_else(server) as others:
        # Four addresses with as many connections as one may have: a head that never ends, a content that never comes, and
        # answers that nobody takes.
        for address in range(2, 6):
            for number in range(150):
                connection = socket.create_connection(("127.0.0.1", port), 30, source_address=(f"127.0.0.{address}", 0))
                sent = (
                    b"GET / HTTP/1.1\r\nHost: a\r\nX-",
                    b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
                    b"GET /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 40,
                )[number % 3]  # fmt: skip
                connection.sendall(sent)
                slow.append(connection)
        wait_until(lambda: descriptors(server) > opened + 300, 30, "they were not let in")
        held = memory(server)
        # Those whose head doesn't end are told so after ten seconds; all others have longer.
        heads = slow[::3]
        for connection in heads:
            connection.settimeout(60)
            while connection.recv(65536):
                pass
        assert len(others) > 20
    for connection in slow:
        connection.close()
    wait_until(lambda: descriptors(server) <= opened + 20, 90, lambda: f"{descriptors(server)} descriptors, {opened} before")
    print(f"{len(slow)} slow connections held {(held - before) / MEGABYTE:.1f} MB; others were answered {len(others)} times")
    assert held - before < 128 * MEGABYTE


def test_more_connections_than_allowed_from_one_address_end_at_once_and_others_come_in(server):
    port = int(server.url.rsplit(":", 1)[1])
    connections = []
    with somebody_else(server):
        for _ in range(400):
            connection = socket.create_connection(("127.0.0.1", port), 30, source_address=("127.0.0.3", 0))
            connection.settimeout(30)
            connections.append(connection)
        ended = 0
        for connection in connections[250:]:
            try:
                connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
                ended += connection.recv(1024) == b""
            except ConnectionError:
                ended += 1
        assert ended == 150
    for connection in connections:
        connection.close()
