"""A meeting's timeline and support bundle from the running program: what went on is in it, what is secret isn't."""

import json

import psycopg
import pytest

from load import sign_in

EMAIL = "planted.address@example.org"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJwbGFudGVkIjoxfQ.cGxhbnRlZA"
SIGNATURE = "0123456789abcdef0123456789abcdefplanted"


@pytest.fixture
def server(make_server):
    return make_server().migrate_and_seed().start()


def lines(answer) -> list[dict]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_bundle_tells_the_story_and_no_secret(server, livekit):
    with server.client(headers={"Cookie": sign_in(server)}) as host, server.client() as guest:
        meeting = host.post(
            "/api/v1/meetings",
            json={"title": f"Ask {EMAIL}", "settings": {"passcode": "planted-passcode", "chatHistory": True}},
        ).json()
        path = f"/api/v1/meetings/{meeting['id']}"
        ticket = guest.post(
            f"/api/v1/join/{meeting['joinCode']}", json={"displayName": f"Grace {EMAIL}", "passcode": "planted-passcode"}
        ).json()
        key, token = ticket["participantKey"]["key"], ticket["connection"]["token"]
        guest.headers["Authorization"] = f"Bearer {key}"
        assert guest.post(f"{path}/messages", json={"text": "a planted message"}).status_code == 201
        assert guest.post(f"{path}/feedback", json={"rating": 2, "comment": "a planted comment"}).status_code == 204
        with psycopg.connect(server.environment["DATABASE_URL"]) as database:
            database.execute(
                """
                INSERT INTO webhook_inbox (id, event, room, occurred_at, payload, attempts, last_error, note)
                VALUES ('EV_planted', 'room_started', %s, now(), '{}', 1, %s, %s)
                """,
                (meeting["id"], f"refused {TOKEN} of {EMAIL}", f"see https://s3/x?X-Amz-Signature={SIGNATURE}"),
            )
            database.execute(
                """
                INSERT INTO recordings (meeting_id, kind, state, object_key, failure, check_at)
                VALUES (%s, 'audio', 'failed', 'recordings/planted.mp3', %s, NULL)
                """,
                (meeting["id"], f"upload to https://s3/planted?X-Amz-Signature={SIGNATURE} failed for {TOKEN}"),
            )
        assert host.post(f"{path}/end").status_code == 200

        entries = host.get(f"{path}/timeline").json()["items"]
        assert "meeting.ended" in {entry["kind"] for entry in entries if entry["source"] == "action"}
        assert [entry["kind"] for entry in entries if entry["source"] == "webhook"] == ["room_started"]

        answer = host.get(f"{path}/support-bundle")
        bundle = lines(answer)
        assert [bundle[0]["type"], bundle[-1]["type"]] == ["meeting", "end"]
        kinds = [line["type"] for line in bundle]
        assert {"analytics", "recording", "participant", "entry"} <= set(kinds)
        assert len([kind for kind in kinds if kind == "entry"]) == len(entries)
        assert "[e-mail]" in answer.text and "[secret]" in answer.text

        cookie = host.headers["Cookie"].split("=", 1)[1]
        secrets = [
            EMAIL, TOKEN, SIGNATURE, "planted.mp3", "planted-passcode", "planted message", "planted comment", "$argon2",
            meeting["joinCode"], key, token, cookie, "admin@example.com",
            server.environment["SESSION_SECRET"], server.environment["LIVEKIT_API_SECRET"],
        ]  # fmt: skip
        for secret in secrets:
            assert secret and secret not in answer.text, f"{secret[:12]}... is in the bundle"
