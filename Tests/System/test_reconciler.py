"""Two instances on one database look at LiveKit one at a time, and the other goes on when one is killed."""

import re

import httpx
import pytest

from load import UNLIMITED, sign_in
from server import wait_until
from test_live_meeting import Guest


@pytest.fixture
def servers(make_server):
    made = [make_server(RECONCILE_INTERVAL="1s", **UNLIMITED) for _ in range(2)]
    made[0].migrate_and_seed()
    return [server.start() for server in made]


def metric(server, pattern: str) -> int:
    found = re.search(rf"^{pattern} (\d+)", httpx.get(f"{server.url}/metrics", trust_env=False).text, re.MULTILINE)
    return int(found[1]) if found else 0


def looks(server) -> int:
    return metric(server, r'reconciliations_total\{outcome="success"\}')


def test_one_instance_looks_and_the_other_goes_on_when_it_is_killed(servers, livekit):
    wait_until(lambda: sum(map(looks, servers)) >= 3, 30, "nobody looks")
    holder, other = sorted(servers, key=looks, reverse=True)
    assert looks(other) == 0
    with other.client(headers={"Cookie": sign_in(other)}) as host:
        meeting = host.post("/api/v1/meetings", json={"title": "Weekly"}).json()
        guest = Guest(other, meeting, "Grace")
        holder.process.kill()
        holder.process.wait()
        # No webhook is set: the look alone finds who came, and who left.
        livekit.connect(guest.ticket["connection"]["token"])

        def connected() -> bool:
            people = host.get(f"/api/v1/meetings/{meeting['id']}/participants").json()["items"]
            return any(person["isConnected"] for person in people)

        # The lease of the killed one lasts twice the interval and 10 s.
        wait_until(connected, 60, "the other instance doesn't look")
        # The database knows a moment before the look has ended and is counted.
        wait_until(lambda: looks(other) >= 1, 30, "the look is not counted")
        assert metric(other, r'events_repaired_total\{kind="participant_joined"\}') == 1
        livekit.go(meeting["id"], guest.id)
        wait_until(lambda: not connected(), 60, "that they left is not found")
        guest.client.close()


def test_a_stopped_instance_hands_over_at_once(servers):
    wait_until(lambda: sum(map(looks, servers)) >= 1, 30, "nobody looks")
    holder, other = sorted(servers, key=looks, reverse=True)
    assert holder.stop() == 0
    wait_until(lambda: looks(other) >= 1, 30, "the other instance doesn't look")
