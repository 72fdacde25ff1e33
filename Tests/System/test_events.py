"""Live events: two instances on one database and one Redis, real clients on both."""

import json
import queue
import socket
import threading
import time

import httpx
import psycopg
import pytest

from load import sign_in
from server import Server, wait_until


class Listener:
    """Reads a meeting's events in a thread of its own."""

    def __init__(self, server: Server, meeting: str, headers: dict[str, str]):
        self.events: queue.Queue = queue.Queue()
        self.client = httpx.Client(base_url=server.url, trust_env=False, timeout=60)
        self.path, self.headers = f"/api/v1/meetings/{meeting}/events", headers
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        with self.client.stream("GET", self.path, headers=self.headers) as answer:
            self.socket = answer.extensions["network_stream"].get_extra_info("socket")
            self.events.put(("status", answer.status_code, answer.headers.get("content-type")))
            event = {}
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if line:
                    event[name] = value
                elif "event" in event:
                    self.events.put((event["event"], event.get("id"), json.loads(event["data"])))
                    event = {}
                else:
                    event = {}
        self.events.put(None)

    def next(self):
        """The next event as (name, id, data); None at the end."""
        return self.events.get(timeout=60)

    def close(self):
        """Leaves, which ends the reading thread as well."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(30)
        self.client.close()


def publish(services, server: Server, meeting: str, name: str, data: dict, audience: str | None = None):
    """Publishes as a third instance would: appends to the meeting's stream and tells all instances, in one script."""
    record = {"n": name, "m": meeting.upper(), "t": time.time_ns() // 1000, "d": data}
    if audience:
        record["a"] = audience
    number = int(server.environment["REDIS_URL"].rsplit("/", 1)[1])
    script = """
        local id = redis.call('XADD', KEYS[1], 'MAXLEN', 256, '*', 'e', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], 3600000)
        redis.call('PUBLISH', 'lkc:events:all', id .. ' ' .. ARGV[1])
        return id
    """
    return services.redis(number).eval(script, 1, f"lkc:events:{meeting}", json.dumps(record))


@pytest.fixture
def instances(make_server):
    """Two running servers on the same database and Redis."""
    first, second = make_server(), make_server()
    first.migrate_and_seed()
    return first.start(), second.start()


@pytest.fixture
def host(instances):
    """A signed-in client of the first instance, whose session is good on both."""
    with instances[0].client() as client:
        client.headers["Cookie"] = sign_in(instances[0])
        yield client


def session(client: httpx.Client) -> dict[str, str]:
    return {"Cookie": client.headers["Cookie"]}


def make_meeting(host: httpx.Client) -> dict:
    made = host.post("/api/v1/meetings", json={"title": "Events"})
    assert made.status_code == 201, made.text
    return made.json()


def test_events_reach_clients_of_both_instances(instances, host, services):
    first, second = instances
    meeting = make_meeting(host)
    joined = httpx.post(f"{second.url}/api/v1/join/{meeting['joinCode']}", json={"displayName": "Grace"}, trust_env=False)
    assert joined.status_code == 200, joined.text
    key = {"Authorization": f"Bearer {joined.json()['participantKey']['key']}"}
    listeners = [Listener(first, meeting["id"], session(host)), Listener(second, meeting["id"], key)]
    for listener in listeners:
        assert listener.next() == ("status", 200, "text/event-stream")
        assert listener.next()[0] == "ready"
    publish(services, first, meeting["id"], "test.all", {"number": 7})
    publish(services, first, meeting["id"], "test.hosts", {}, audience="hosts")
    publish(services, first, meeting["id"], "test.last", {})
    seen = [listener.next() for listener in listeners]
    assert seen[0][:2] == seen[1][:2], "the same event with the same id"
    assert seen[0][0] == "test.all" and seen[0][2]["number"] == 7
    assert [listeners[0].next()[0] for _ in range(2)] == ["test.hosts", "test.last"]
    assert listeners[1].next()[0] == "test.last", "what is for hosts stays with hosts"
    # Someone who lost the connection goes on at the other instance.
    resumed = Listener(first, meeting["id"], key | {"Last-Event-ID": seen[1][1]})
    assert [resumed.next()[0] for _ in range(3)] == ["status", "ready", "test.last"]
    for listener in [*listeners, resumed]:
        listener.close()
    for server in instances:
        wait_until(
            lambda server=server: "meeting_event_listeners 0\n" in httpx.get(f"{server.url}/metrics", trust_env=False).text,
            30, "leaving was not noticed",
        )  # fmt: skip


def test_whoever_is_in_a_meeting_is_told_of_an_update_on_all_instances(instances, host, services):
    first, second = instances
    meeting, empty = make_meeting(host), make_meeting(host)
    assert first.run("live", "--announce-update", "5").stdout == "", "nobody is connected yet"
    joined = httpx.post(f"{second.url}/api/v1/join/{meeting['joinCode']}", json={"displayName": "Grace"}, trust_env=False).json()
    with psycopg.connect(first.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("UPDATE participants SET connected_at = now() WHERE id = %s", [joined["participant"]["id"]])
    key = {"Authorization": f"Bearer {joined['participantKey']['key']}"}
    listeners = [Listener(first, meeting["id"], session(host)), Listener(second, meeting["id"], key)]
    elsewhere = Listener(first, empty["id"], session(host))
    for listener in [*listeners, elsewhere]:
        assert [listener.next()[0] for _ in range(2)] == ["status", "ready"]
    assert first.run("live").stdout == "Events: 1 people\n"
    done = second.run("live", "--announce-update", "5")
    assert (done.returncode, done.stdout) == (0, "Events: 1 people\n"), done.stderr
    for listener in listeners:
        name, _, data = listener.next()
        assert name == "service.update_announced" and data["minutes"] == 5
    # The meeting that nobody is in hears nothing of it.
    publish(services, first, empty["id"], "test.first", {})
    assert elsewhere.next()[0] == "test.first"
    for listener in [*listeners, elsewhere]:
        listener.close()
    for minutes in ("0", "121", "soon"):
        refused = first.run("live", "--announce-update", minutes)
        assert refused.returncode == 64 and "a number of minutes from 1 to 120" in refused.stderr


def test_a_stop_tells_listeners_to_come_back(instances, host):
    first, second = instances
    meeting = make_meeting(host)
    listener = Listener(second, meeting["id"], session(host))
    assert [listener.next()[0] for _ in range(2)] == ["status", "ready"]
    assert second.stop() == 0
    assert listener.next() == ("end", None, {"reason": "renew", "reconnect": True})
    assert listener.next() is None


def test_strangers_are_refused(instances, host):
    meeting = make_meeting(host)
    answer = httpx.get(f"{instances[0].url}/api/v1/meetings/{meeting['id']}/events", trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
