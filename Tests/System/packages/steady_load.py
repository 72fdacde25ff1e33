"""Clients that ask again and again without a pause while something happens to the server, and what became of each request."""

import asyncio
import threading
from collections import Counter

import httpx

from administrator import Administrator


class SteadyLoad:
    """Each client keeps its connection, as browsers and proxies do."""

    def __init__(self, administrators: list[Administrator], meeting: dict, clients: int = 2):
        self.administrators, self.meeting, self.clients = administrators, meeting, clients
        self.answers: Counter[tuple[str, str, int]] = Counter()
        self.failures: list[str] = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> "SteadyLoad":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.ended.set()
        self.thread.join()

    @property
    def answered(self) -> int:
        return sum(self.answers.values())

    def _run(self) -> None:
        self.administrators[0].machine.enter_network()
        asyncio.run(self._ask_all())

    async def _ask_all(self) -> None:
        await asyncio.gather(*(self._ask(each, number) for each in self.administrators for number in range(self.clients)))

    async def _ask(self, administrator: Administrator, number: int) -> None:
        async with httpx.AsyncClient(**administrator.options) as client:
            while not self.ended.is_set():
                await self._once(client, administrator, "GET", f"/api/v1/meetings/{self.meeting['id']}", None)
                guest = {"displayName": f"Guest {number}"}
                await self._once(client, administrator, "POST", f"/api/v1/join/{self.meeting['joinCode']}", guest)

    async def _once(self, client: httpx.AsyncClient, administrator: Administrator, method: str, path: str, content) -> None:
        try:
            answer = await client.request(method, path, json=content, extensions=administrator.extensions)
        except httpx.HTTPError as error:
            self.failures.append(f"{administrator.url} {method} {path}: {error!r}")
            return
        self.answers[administrator.url, method, answer.status_code] += 1
        if answer.status_code != 200:
            self.failures.append(f"{administrator.url} {method} {path}: {answer.status_code} {answer.text[:300]}")
