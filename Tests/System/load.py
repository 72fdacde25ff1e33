"""HTTP/1.1 over asyncio, small enough to say exactly what became of each request, and steady load on a server."""

import asyncio
import json
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

ADMIN = {"email": "admin@example.com", "password": "admin-local-only"}  # as `seed` makes it
UNLIMITED = {
    name: "1000000"
    for name in (
        "RATE_LIMIT_PER_MINUTE", "RATE_LIMIT_BURST", "RATE_LIMIT_SIGN_IN_PER_MINUTE",
        "RATE_LIMIT_SIGN_IN_PER_ACCOUNT_PER_MINUTE",
    )
}


class Unanswered(Exception):
    """The connection ended before the answer's first byte."""


class Truncated(Exception):
    """The connection ended inside the answer."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def is_clear_refusal(self) -> bool:
        """503 as problem details, with a code, a sentence and when to come back."""
        if self.status != 503 or self.headers.get("content-type") != "application/problem+json":
            return False
        problem = self.json()
        return problem["code"] != "" and problem["detail"] != "" and int(self.headers.get("retry-after", -1)) >= 0


class Connection:
    """One keep-alive connection."""

    def __init__(self, url: str, cookie: str | None = None):
        parts = urlsplit(url)
        self.host, self.port, self.cookie = parts.hostname, parts.port, cookie
        # A participant's key.
        self.key: str | None = None
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self):
        self.streams = await asyncio.open_connection(self.host, self.port)

    def close(self):
        if self.streams:
            self.streams[1].close()
        self.streams = None

    async def request(self, method: str, path: str, content: dict | None = None) -> Answer:
        if not self.streams:
            await self.open()
        body = b"" if content is None else json.dumps(content).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
        if self.cookie:
            head += f"Cookie: {self.cookie}\r\n"
        if self.key:
            head += f"Authorization: Bearer {self.key}\r\n"
        if content is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        try:
            self.streams[1].write(head.encode() + b"\r\n" + body)
            answer = await self.read_answer()
        except BaseException:
            self.close()
            raise
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    async def read_answer(self) -> Answer:
        reader = self.streams[0]
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            raise (Truncated() if error.partial else Unanswered()) from error
        except ConnectionError as error:
            raise Unanswered() from error
        first, *lines = head.decode().split("\r\n")[:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        try:
            body = await reader.readexactly(int(headers.get("content-length", 0)))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Truncated() from error
        return Answer(int(first.split()[1]), headers, body)


def sign_in(server) -> str:
    """Signs in the seeded administrator; the session's cookie as a request carries it."""
    with server.client() as client:
        answer = client.post("/api/v1/session", json=ADMIN)
        assert answer.status_code == 201, answer.text
        return answer.headers["Set-Cookie"].split(";")[0]


@dataclass(frozen=True)
class Outcome:
    kind: str
    began: float
    ended: float
    answer: Answer | None
    error: str | None = None

    @property
    def succeeded(self) -> bool:
        return self.answer is not None and 200 <= self.answer.status < 300


class Workers:
    """Runs `_work` side by side, in a thread of its own, until it is told to stop. What a worker throws is thrown then."""

    patience = 60  # seconds

    def __init__(self, workers: int):
        self.workers = workers
        self.outcomes: list[Outcome] = []
        self.failure: BaseException | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stopping.set()
        self._thread.join(self.patience)
        assert not self._thread.is_alive(), "a request of the load never ended"
        if self.failure:
            raise self.failure

    def _run(self):
        async def all_workers():
            await asyncio.gather(*(self._work() for _ in range(self.workers)))

        try:
            asyncio.run(all_workers())
        except BaseException as failure:
            self.failure = failure

    async def _work(self):
        raise NotImplementedError


class Load(Workers):
    """Workers in a thread of their own that create meetings, read them and join them by link, until the block ends."""

    def __init__(self, server, cookie: str, workers: int = 8, pause: float = 0.005):
        super().__init__(workers)
        self.url, self.cookie, self.pause = server.url, cookie, pause
        self.meetings: set[str] = set()
        self.participants: set[str] = set()

    def __enter__(self) -> "Load":
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    async def _work(self):
        signed_in, guest = Connection(self.url, self.cookie), Connection(self.url)
        while not self._stopping.is_set():
            created = await self._ask("create", signed_in, "POST", "/api/v1/meetings", {"title": "Under load"})
            if created.succeeded:
                meeting = created.answer.json()
                self.meetings.add(meeting["id"])
                await self._ask("read", signed_in, "GET", f"/api/v1/meetings/{meeting['id']}")
                joined = await self._ask("join", guest, "POST", f"/api/v1/join/{meeting['joinCode']}", {"displayName": "G"})
                if joined.succeeded:
                    self.participants.add(joined.answer.json()["participant"]["id"])
            await asyncio.sleep(self.pause)
        signed_in.close()
        guest.close()

    async def _ask(self, kind: str, connection: Connection, *request) -> Outcome:
        began, answer, error = time.monotonic(), None, None
        try:
            answer = await asyncio.wait_for(connection.request(*request), 30)
        except (OSError, Unanswered, Truncated, TimeoutError, asyncio.TimeoutError) as failure:
            error = repr(failure)
        outcome = Outcome(kind, began, time.monotonic(), answer, error)
        self.outcomes.append(outcome)
        return outcome

    def since(self, moment: float) -> list[Outcome]:
        """What began at or after a moment of time.monotonic()."""
        return [outcome for outcome in list(self.outcomes) if outcome.began >= moment]

    def unacceptable(self) -> list[str]:
        """Everything that was neither a success nor a clear refusal."""
        return [
            f"{outcome.kind}: {outcome.error or outcome.answer}"
            for outcome in self.outcomes
            if not (outcome.succeeded or (outcome.answer and outcome.answer.is_clear_refusal))
        ]
