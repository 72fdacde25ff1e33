"""Steady use of a server, and what it was promised: every 2xx is written down, to be looked for afterwards."""

import asyncio
import itertools
import json
import random
import secrets
import time
from dataclasses import dataclass, field

from load import Answer, Connection, Outcome, Truncated, Unanswered, Workers

# What may come back while something is broken. 409 and 404 can be the second answer to what was done although the first was lost.
PATIENCE = 45


@dataclass
class Written:
    """What the server said yes to."""

    meetings: set[str] = field(default_factory=set)
    participants: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    recordings: set[str] = field(default_factory=set)
    # (board, element) to the version that was taken.
    elements: dict[tuple[str, str], int] = field(default_factory=dict)
    # Meeting to the title that was taken last, and those tried since.
    titles: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    def count(self) -> int:
        return sum(len(part) for part in (self.meetings, self.participants, self.messages, self.recordings, self.elements,
                                          self.titles, self.ended))  # fmt: skip


class Workload(Workers):
    """Workers that hold meetings: someone creates one, guests come, talk and draw, it is recorded now and then, it ends."""

    patience = PATIENCE * 4

    def __init__(self, url: str, cookie: str, livekit, seed: int, workers: int = 4):
        super().__init__(workers)
        self.url, self.cookie, self.livekit = url, cookie, livekit
        self.written = Written()
        self._random = random.Random(seed)
        self._numbers = itertools.count(1)

    def since(self, moment: float) -> list[Outcome]:
        return [outcome for outcome in list(self.outcomes) if outcome.began >= moment]

    async def _work(self):
        host = Connection(self.url, self.cookie)
        while not self._stopping.is_set():
            await self._hold_a_meeting(host)
            await asyncio.sleep(0.02)
        host.close()

    async def _hold_a_meeting(self, host: Connection):
        settings = {"lobby": "off", "chatHistory": True}
        meeting = await self._ask("create", host, "POST", "/api/v1/meetings", {"title": "Held", "settings": settings})
        if not meeting:
            return
        identity, path = meeting["id"], f"/api/v1/meetings/{meeting['id']}"
        self.written.meetings.add(identity)
        people = [person for _ in range(2) if (person := await self._come(meeting))]
        board = await self._ask("board", host, "POST", f"{path}/whiteboards", {"title": "Board"})
        recording = None
        if people and self._random.random() < 0.15:
            recording = await self._ask("record", host, "POST", f"{path}/recordings", {"kind": "audio"})
            if recording:
                self.written.recordings.add(recording["id"])
        for number in range(1, self._random.randint(2, 5)):
            await self._rename(host, identity, path)
            for _, guest in people:
                if message := await self._ask("message", guest, "POST", f"{path}/messages", {"text": f"Number {number}"}):
                    self.written.messages.add(message["id"])
                if board:
                    await self._draw(guest, path, board["id"], number)
        if recording:
            await self._ask("stop", host, "POST", f"{path}/recordings/{recording['id']}/stop")
        for person, guest in people:
            if self._random.random() < 0.3:
                self.livekit.go(identity, person)
            guest.close()
        if await self._ask("end", host, "POST", f"{path}/end"):
            self.written.ended.add(identity)

    async def _come(self, meeting: dict) -> tuple[str, Connection] | None:
        guest = Connection(self.url)
        ticket = await self._ask("join", guest, "POST", f"/api/v1/join/{meeting['joinCode']}", {"displayName": "Guest"})
        if not ticket:
            return None
        person = ticket["participant"]["id"]
        self.written.participants.add(person)
        guest.key = ticket["participantKey"]["key"]
        if ticket["connection"]:
            try:
                # Off the loop: it waits for nothing but takes locks.
                await asyncio.to_thread(self.livekit.come, ticket["connection"]["token"], publishing=("MICROPHONE",))
            except Exception:
                pass  # LiveKit lost the room, or the clocks are apart; what follows works without it
        return person, guest

    async def _rename(self, host: Connection, identity: str, path: str):
        title = f"Held {next(self._numbers)}"
        taken, tried = self.written.titles.get(identity, ("Held", []))
        self.written.titles[identity] = (taken, [*tried, title])
        if await self._ask("rename", host, "PATCH", path, {"title": title}):
            self.written.titles[identity] = (title, [])

    async def _draw(self, guest: Connection, path: str, board: str, version: int):
        name = secrets.token_hex(4) if self._random.random() < 0.5 else "shared"
        element = {"id": name, "type": "line", "version": version, "versionNonce": self._random.randrange(1 << 31),
                   "index": "a0", "isDeleted": False}  # fmt: skip
        if await self._ask("draw", guest, "POST", f"{path}/whiteboards/{board}/elements", {"elements": [element]}):
            key = (board, name)
            self.written.elements[key] = max(version, self.written.elements.get(key, 0))

    async def _ask(self, kind: str, connection: Connection, method: str, path: str, content: dict | None = None) -> dict | None:
        """The content of a success; None otherwise. Everything is written down."""
        if self._stopping.is_set() and kind != "end":
            return None
        began, answer, error = time.monotonic(), None, None
        try:
            answer = await asyncio.wait_for(connection.request(method, path, content), PATIENCE)
        except (OSError, Unanswered, Truncated, TimeoutError) as failure:
            error = repr(failure)
            connection.close()
        self.outcomes.append(Outcome(kind, began, time.monotonic(), answer, error))
        if answer is None or not 200 <= answer.status < 300:
            # As any client would: not at once again.
            await asyncio.sleep(0.1)
            return None
        return json.loads(answer.body) if answer.body else {}


def is_acceptable(answer: Answer | None) -> bool:
    """Success, or a refusal that says why. While the server itself was killed there is no answer."""
    if answer is None:
        return False
    return answer.status < 500 or answer.is_clear_refusal
