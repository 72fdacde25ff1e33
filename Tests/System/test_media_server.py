"""A whole meeting with a media server: the real one that LIVEKIT_SERVER_BIN names, else the stand-in, and the test says which."""

import json
import os
import stat
import sys

import httpx
import pytest

from load import UNLIMITED, sign_in
from real_livekit import RealLiveKit, RealVisitor, StandInVisitor
from server import free_port, wait_until
from test_live_meeting import Guest

LOCAL = os.path.dirname(os.path.abspath(__file__))


@pytest.fixture
def world(make_server, livekit, real_livekit, record_property):
    """The running program with a media server whose webhooks it gets, and visitor(meeting id, token)."""
    server = make_server(**UNLIMITED)
    media, kind = livekit, "the stand-in: no media flows, LIVEKIT_SERVER_BIN names no server"
    if real_livekit:
        media, kind = real_livekit(f"{server.url}/webhooks/livekit"), "the real server of LIVEKIT_SERVER_BIN"
        server.environment |= {
            "LIVEKIT_URL": media.url, "LIVEKIT_API_KEY": media.key, "LIVEKIT_API_SECRET": media.secret}
    else:
        livekit.webhooks.url = f"{server.url}/webhooks/livekit"
    record_property("media_server", kind)
    print(f"media server: {kind}")
    server.migrate_and_seed()
    server.start()

    def visitor(room: str, token: str):
        return RealVisitor(media.url, token) if real_livekit else StandInVisitor(livekit, room, token)

    return server, visitor


def test_people_come_are_muted_removed_and_the_meeting_ends(world):
    server, visitor = world
    with server.client(headers={"Cookie": sign_in(server)}) as host:
        meeting = host.post("/api/v1/meetings", json={"title": "Weekly"}).json()
        path = f"/api/v1/meetings/{meeting['id']}"
        guests = [Guest(server, meeting, name) for name in ("Ada", "Ben", "Cleo")]
        visitors = [visitor(meeting["id"], guest.ticket["connection"]["token"]) for guest in guests]
        for one in visitors:
            one.come()

        def connected() -> set[str]:
            people = host.get(f"{path}/participants").json()["items"]
            return {person["displayName"] for person in people if person["isConnected"]}

        wait_until(lambda: connected() == {"Ada", "Ben", "Cleo"}, 30, lambda: f"connected are {connected()}")
        mute = {"source": "microphone"}
        wait_until(
            lambda: host.post(f"{path}/participants/mute", json=mute).json() == {"count": 3}, 30, "nobody was sending")
        assert host.post(f"{path}/participants/mute", json=mute).json() == {"count": 0}

        visitors[0].go()
        wait_until(lambda: connected() == {"Ben", "Cleo"}, 30, lambda: f"connected are {connected()}")
        assert host.delete(f"{path}/participants/{guests[1].id}").status_code == 204
        wait_until(lambda: not visitors[1].is_connected, 30, "who was removed is still there")
        wait_until(lambda: connected() == {"Cleo"}, 30, lambda: f"connected are {connected()}")

        assert host.post(f"{path}/end").json()["state"] == "ended"
        wait_until(lambda: not visitors[2].is_connected, 30, "the meeting ended, and someone is still there")
        wait_until(lambda: connected() == set(), 30, lambda: f"connected are {connected()}")
        for guest in guests:
            guest.client.close()


# The fixture itself, with a program in the server's place.


def program(folder, body: str) -> str:
    path = folder / "livekit-server"
    path.write_text(f"#!{sys.executable}\nimport json, sys\nsys.path.insert(0, {LOCAL!r})\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


SERVES = """
from stand_in_livekit import LiveKit
configuration = json.load(open(sys.argv[sys.argv.index("--config") + 1]))
(key, secret), = configuration["keys"].items()
LiveKit(key, secret, configuration["port"], webhook_url=configuration["webhook"]["urls"][0]).start()._thread.join()
"""


def test_the_fixture_starts_a_server_with_its_configuration_and_stops_it(tmp_path):
    server = RealLiveKit(program(tmp_path, SERVES), tmp_path, f"http://127.0.0.1:{free_port()}/webhooks/livekit")
    assert stat.S_IMODE(os.stat(server.start().folder / "livekit.yaml").st_mode) == 0o600
    written = json.loads((tmp_path / "livekit.yaml").read_text())
    assert written["room"] == {"auto_create": False} and written["keys"] == {"testkey": server.secret}
    assert httpx.get(server.url, trust_env=False).status_code == 200
    server.stop()
    assert server.process.poll() is not None
    server.stop()


def test_the_fixture_tells_of_a_server_that_ends_at_once_with_status_0(tmp_path):
    server = RealLiveKit(program(tmp_path, 'print("could not parse config")'), tmp_path, "http://127.0.0.1:1/")
    with pytest.raises(AssertionError, match="ended with 0 at once:\ncould not parse config"):
        server.start()
