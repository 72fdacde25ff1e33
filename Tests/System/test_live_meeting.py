"""People in a meeting: the lobby, what hosts do, chat; with a stand-in for LiveKit that says what it was told."""

import json

import httpx
import psycopg
import pytest

from load import UNLIMITED, sign_in
from server import wait_until
from stand_in_livekit import Refused


@pytest.fixture
def server(make_server):
    return make_server().migrate_and_seed().start()


@pytest.fixture
def host(server):
    with server.client(headers={"Cookie": sign_in(server)}) as client:
        yield client


@pytest.fixture
def make_meeting(host):
    def make(**settings) -> dict:
        answer = host.post("/api/v1/meetings", json={"title": "Weekly", "settings": settings})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


class Guest:
    """Someone who came by the link, with nothing but a name."""

    def __init__(self, server, meeting: dict, name: str):
        self.client = server.client()
        answer = self.client.post(f"/api/v1/join/{meeting['joinCode']}", json={"displayName": name})
        assert answer.status_code == 200, answer.text
        self.ticket = answer.json()
        self.id = self.ticket["participant"]["id"]
        self.path = f"/api/v1/meetings/{meeting['id']}"
        self.client.headers["Authorization"] = f"Bearer {self.ticket['participantKey']['key']}"

    def own(self) -> dict:
        answer = self.client.get(f"{self.path}/participants/me")
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def status(self) -> str:
        return self.own()["participant"]["status"]

    def call(self, method: str, path: str, **options) -> httpx.Response:
        return self.client.request(method, self.path + path, **options)


@pytest.fixture
def come(server):
    guests: list[Guest] = []

    def come(meeting: dict, name: str = "Grace") -> Guest:
        guests.append(Guest(server, meeting, name))
        return guests[-1]

    yield come
    for guest in guests:
        guest.client.close()


def test_a_knock_is_answered_and_only_then_there_is_a_token(server, livekit, host, make_meeting, come):
    meeting = make_meeting(lobby="everyone", capacity=2)
    path = f"/api/v1/meetings/{meeting['id']}"
    first, second, third, fourth = (come(meeting, name) for name in ("Ada", "Ben", "Cleo", "Dan"))
    assert first.ticket["status"] == "waiting" and first.ticket["connection"] is None
    assert first.own()["connection"] is None and first.status == "waiting"
    assert first.call("GET", "/participants").json()["code"] == "not_admitted"
    assert livekit.rooms == {}

    waiting = host.get(f"{path}/participants?status=waiting").json()["items"]
    assert [person["displayName"] for person in waiting] == ["Ada", "Ben", "Cleo", "Dan"]
    assert first.call("POST", f"/participants/{first.id}/admit").status_code == 403
    assert host.post(f"{path}/participants/{first.id}/admit").json()["status"] == "admitted"
    assert host.post(f"{path}/participants/{first.id}/admit").status_code == 200
    assert host.post(f"{path}/participants/{second.id}/deny").status_code == 204
    assert second.status == "denied" and second.own()["connection"] is None
    assert host.post(f"{path}/participants/{second.id}/admit").json()["code"] == "participant_not_waiting"

    connection = first.own()["connection"]
    assert list(livekit.rooms) == [meeting["id"]]
    assert json.loads(livekit.rooms[meeting["id"]]["metadata"])["title"] == "Weekly"
    assert livekit.connect(connection["token"], publishing=("MICROPHONE",))["identity"] == first.id

    everyone = host.post(f"{path}/participants/admit").json()
    assert [person["id"] for person in everyone["admitted"]] == [third.id]
    assert everyone["stillWaiting"] == 1
    assert host.post(f"{path}/participants/{fourth.id}/admit").json()["code"] == "meeting_full"
    assert first.call("DELETE", "/participants/me").status_code == 204
    assert host.post(f"{path}/participants/{fourth.id}/admit").status_code == 200
    assert fourth.own()["connection"]["token"]
    assert first.status == "left"


@pytest.mark.slow
def test_a_knock_that_nobody_answers_ends_by_itself(server, services, database, make_meeting, come):
    meeting = make_meeting(lobby="everyone")
    early, late = come(meeting, "Early"), come(meeting, "Late")
    with psycopg.connect(services.url_of_database(database), autocommit=True) as connection:
        connection.execute("UPDATE participants SET joined_at = joined_at - interval '16 minutes' WHERE id = %s", [early.id])

        def ended() -> list[str]:
            rows = connection.execute(
                "SELECT id FROM participants WHERE meeting_id = %s AND left_at IS NOT NULL", [meeting["id"]]).fetchall()
            return [str(row[0]) for row in rows]

        wait_until(ended, 90, "nobody ends the waiting")
        assert ended() == [early.id]
    assert (early.status, late.status) == ("unanswered", "waiting")


def test_nobody_comes_in_while_livekit_is_away_and_nothing_is_left_behind(server, livekit, host, make_meeting):
    meeting = make_meeting()
    livekit.stop()
    with server.client() as client:
        refused = client.post(f"/api/v1/join/{meeting['joinCode']}", json={"displayName": "Grace"})
    assert refused.status_code == 503 and refused.json()["code"] == "unavailable"
    assert "media server" in refused.json()["detail"] and refused.headers["Retry-After"]
    assert host.get(f"/api/v1/meetings/{meeting['id']}").json()["state"] == "scheduled"
    assert host.get(f"/api/v1/meetings/{meeting['id']}/participants").json()["items"] == []


def test_rooms_are_not_made_by_joining(server, livekit, make_meeting, come):
    guest = come(make_meeting())
    livekit.rooms.clear()
    with pytest.raises(Refused, match="no such room"):
        livekit.connect(guest.ticket["connection"]["token"])


def test_what_a_host_does_reaches_livekit(server, livekit, host, make_meeting, come):
    meeting = make_meeting()
    path = f"/api/v1/meetings/{meeting['id']}"
    guest = come(meeting)
    sources = ("MICROPHONE", "CAMERA", "SCREEN_SHARE")
    livekit.connect(guest.ticket["connection"]["token"], publishing=sources)

    def tracks() -> dict[str, bool]:
        return {track["source"]: track["muted"] for track in livekit.person(meeting["id"], guest.id)["tracks"]}

    one = f"{path}/participants/{guest.id}"
    assert host.post(f"{one}/mute", json={"source": "microphone"}).status_code == 204
    assert tracks() == {"MICROPHONE": True, "CAMERA": False, "SCREEN_SHARE": False}
    assert host.post(f"{path}/participants/mute", json={"source": "camera"}).json() == {"count": 1}
    assert host.post(f"{one}/mute", json={"source": "screen_share"}).status_code == 204
    assert tracks() == {"MICROPHONE": True, "CAMERA": True}
    assert "SCREEN_SHARE" in livekit.person(meeting["id"], guest.id)["permission"]["can_publish_sources"]

    assert host.patch(f"{path}/settings", json={"screenShare": "hosts"}).json()["screenShare"] == "hosts"
    assert livekit.person(meeting["id"], guest.id)["permission"]["can_publish_sources"] == ["CAMERA", "MICROPHONE"]
    assert host.put(f"{one}/host").json()["role"] == "host"
    person = livekit.person(meeting["id"], guest.id)
    assert "SCREEN_SHARE" in person["permission"]["can_publish_sources"] and person["attributes"]["role"] == "host"
    assert guest.call("PATCH", "/settings", json={"locked": True}).json()["locked"] is True
    with server.client() as client:
        late = client.post(f"/api/v1/join/{meeting['joinCode']}", json={"displayName": "Late"})
    assert late.json()["code"] == "meeting_locked"

    assert guest.call("PUT", "/participants/me/hand").json()["handRaisedAt"]
    assert float(livekit.person(meeting["id"], guest.id)["attributes"]["handRaisedAt"]) > 0
    assert host.delete(f"{one}/hand").status_code == 204
    assert "handRaisedAt" not in livekit.person(meeting["id"], guest.id)["attributes"]

    assert guest.call("POST", "/end").json()["state"] == "ended"
    assert livekit.rooms == {}


def test_who_is_thrown_out_stays_out(server, livekit, host, make_meeting, come):
    meeting = make_meeting()
    path = f"/api/v1/meetings/{meeting['id']}"
    guest = come(meeting)
    livekit.connect(guest.ticket["connection"]["token"])
    for _ in range(2):
        assert host.delete(f"{path}/participants/{guest.id}").status_code == 204
    assert livekit.person(meeting["id"], guest.id) is None
    assert guest.status == "removed" and guest.own()["connection"] is None
    assert guest.call("GET", "/messages").json()["code"] == "not_in_meeting"
    assert come(meeting, "Grace again").ticket["status"] == "waiting"

    member = {"email": "member@example.com", "password": "member-local-only"}
    with server.client() as client:
        assert client.post("/api/v1/session", json=member).status_code == 201
        joined = client.post(f"{path}/join", json={}).json()["participant"]["id"]
        assert host.delete(f"{path}/participants/{joined}").status_code == 204
        assert client.post(f"{path}/join", json={}).json()["code"] == "removed_from_meeting"
        assert [person["id"] for person in host.get(f"{path}/removals").json()["items"]] == [guest.id, joined]
        assert host.delete(f"{path}/removals/{joined}").status_code == 204
        assert client.post(f"{path}/join", json={}).status_code == 200


def test_the_token_of_who_was_thrown_out_opens_nothing(server, livekit, host, make_meeting, come):
    livekit.webhooks.url = f"{server.url}/webhooks/livekit"
    meeting = make_meeting()
    path = f"/api/v1/meetings/{meeting['id']}/participants"
    guest, other = come(meeting), come(meeting, "Other")
    for person in (guest, other):
        livekit.come(person.ticket["connection"]["token"], publishing=("MICROPHONE",))
    assert host.delete(f"{path}/{guest.id}").status_code == 204
    livekit.come(guest.ticket["connection"]["token"])
    livekit.webhooks.settle()
    # The answer to the event comes after what follows from it.
    assert livekit.person(meeting["id"], guest.id) is None and livekit.person(meeting["id"], other.id)
    assert livekit.webhooks.names(meeting["id"]).count("participant_left") == 2


def test_the_reconciler_finds_who_was_thrown_out_and_came_again(make_server, livekit):
    server = make_server(RECONCILE_INTERVAL="1s", **UNLIMITED)
    server.migrate_and_seed()
    server.start()
    with server.client(headers={"Cookie": sign_in(server)}) as host:
        meeting = host.post("/api/v1/meetings", json={"title": "Weekly"}).json()
        guest = Guest(server, meeting, "Grace")
        token = guest.ticket["connection"]["token"]
        livekit.connect(token)
        assert host.delete(f"{guest.path}/participants/{guest.id}").status_code == 204
        livekit.connect(token)
        wait_until(lambda: livekit.person(meeting["id"], guest.id) is None, 30, "they are still there")
        counted = 'events_repaired_total{kind="participant_sent_away"} 1'
        wait_until(lambda: counted in host.get("/metrics").text, 30, "the repair is not counted")
        guest.client.close()


def test_chat_is_kept_where_the_meeting_wants_it(server, host, make_meeting, come):
    for keeps in (False, True):
        meeting = make_meeting(chatHistory=keeps)
        guest = come(meeting)
        sent = guest.call("POST", "/messages", json={"text": "Hello"})
        assert sent.status_code == 201
        late = come(meeting, "Late")
        read = late.call("GET", "/messages").json()["items"]
        assert read == ([sent.json()] if keeps else [])
        deleted = host.delete(f"{guest.path}/messages/{sent.json()['id']}")
        assert deleted.status_code == (204 if keeps else 404)
        assert late.call("GET", "/messages").json()["items"] == []


def test_what_hosts_do_is_written_down(server, services, database, host, make_meeting, come):
    meeting = make_meeting(lobby="everyone")
    guest = come(meeting)
    path = f"/api/v1/meetings/{meeting['id']}/participants/{guest.id}"
    for method, action in [("POST", "/admit"), ("PUT", "/host"), ("DELETE", "/host"), ("DELETE", "")]:
        assert host.request(method, path + action).is_success
    expected = ["participant.admitted", "host.added", "host.dropped", "participant.removed"]
    with psycopg.connect(services.url_of_database(database)) as connection:
        audit = connection.execute(
            "SELECT action, actor_id IS NOT NULL, details ->> 'participant' FROM audit_log WHERE subject_id = %s ORDER BY id",
            [meeting["id"]],
        ).fetchall()
        timeline = connection.execute(
            "SELECT kind FROM analytics_events WHERE meeting_id = %s AND participant_id = %s ORDER BY id",
            [meeting["id"], guest.id],
        ).fetchall()
    assert audit[1:] == [(action, True, guest.id) for action in expected]
    assert [row[0] for row in timeline] == expected
