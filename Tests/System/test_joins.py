"""Many people come at once."""

import asyncio
import threading
import time

import psycopg
import pytest

from load import UNLIMITED, Connection, sign_in

JOINS = 2000
CONNECTIONS = 200
POOL_SIZE = 6  # of all event loops together


class PoolWatch:
    """Looks at the server's database connections until the block ends."""

    def __init__(self, services, database: str):
        self.url, self.database = services.database_url, database
        self.most = 0
        self.looks = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._stopping.set()
        self._thread.join()

    def _watch(self):
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self._stopping.is_set():
                count = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
                    [self.database],
                ).fetchone()[0]
                self.most = max(self.most, count)
                self.looks += 1
                time.sleep(0.005)


@pytest.fixture
def server(make_server):
    server = make_server(
        DATABASE_POOL_SIZE=str(POOL_SIZE), EVENT_LOOPS="2", DATABASE_LEASE_TIMEOUT="30s",
        HTTP_MAX_CONNECTIONS_PER_ADDRESS="1000", **UNLIMITED,
    )
    server.migrate_and_seed()
    return server.start()


async def join_all(url: str, codes: list[str]) -> list:
    """JOINS requests over CONNECTIONS connections, all open before the first request; the meetings take turns."""
    numbers = iter(range(JOINS))
    connections = [Connection(url) for _ in range(CONNECTIONS)]
    await asyncio.gather(*(connection.open() for connection in connections))

    async def work(connection: Connection) -> list:
        answers = [
            await connection.request("POST", f"/api/v1/join/{codes[number % len(codes)]}", {"displayName": f"Guest {number}"})
            for number in numbers
        ]
        connection.close()
        return answers

    return [answer for part in await asyncio.gather(*map(work, connections)) for answer in part]


@pytest.mark.parametrize("meetings", [1, 50])
def test_2000_joins_at_once_lose_nobody_and_respect_the_pool(server, services, database, meetings):
    with server.client(headers={"Cookie": sign_in(server)}) as client:
        created = [client.post("/api/v1/meetings", json={"title": f"Meeting {number}"}) for number in range(meetings)]
    assert [answer.status_code for answer in created] == [201] * meetings
    codes = [answer.json()["joinCode"] for answer in created]

    with PoolWatch(services, database) as watch:
        began = time.monotonic()
        answers = asyncio.run(join_all(server.url, codes))
        seconds = time.monotonic() - began

    print(f"{JOINS} joins of {meetings} meetings over {CONNECTIONS} connections: {seconds:.2f} s, {JOINS / seconds:.0f}/s; "
          f"at most {watch.most} database connections, seen in {watch.looks} looks")
    refused = [answer for answer in answers if answer.status != 200]
    assert not refused, f"{len(refused)} joins failed, the first: {refused[0]}"
    acknowledged = {answer.json()["participant"]["id"] for answer in answers}
    with psycopg.connect(services.url_of_database(database)) as connection:
        # The seeded guests are those of meetings that have ended.
        stored = connection.execute(
            "SELECT participants.id::text FROM participants JOIN meetings ON meetings.id = meeting_id WHERE state = 'live'"
        ).fetchall()
    assert len(acknowledged) == JOINS
    assert {row[0] for row in stored} == acknowledged
    assert len(stored) == JOINS
    assert watch.looks > 20 and 1 <= watch.most <= POOL_SIZE
