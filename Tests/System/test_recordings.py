"""Recordings on the running program, with a recorder that really writes into the bucket, or fails to."""

import httpx
import pytest

from load import UNLIMITED, sign_in
from server import wait_until

FINAL = ("ready", "failed")
# A claim of a killed instance lasts a minute; the rest is for a busy machine.
PATIENCE = 150


class Recorded:
    """A meeting with someone in it, that is recorded."""

    def __init__(self, server, livekit, host: httpx.Client, kind: str = "audio"):
        self.host = host
        self.meeting = host.post("/api/v1/meetings", json={"title": "Recorded"}).json()
        joined = host.post(f"/api/v1/meetings/{self.meeting['id']}/join", json={})
        assert joined.status_code == 200, joined.text
        livekit.come(joined.json()["connection"]["token"], publishing=("MICROPHONE",))
        self.path = f"/api/v1/meetings/{self.meeting['id']}/recordings"
        begun = host.post(self.path, json={"kind": kind})
        assert begun.status_code in (200, 201, 202), begun.text
        self.id = begun.json()["id"]

    def now(self, host: httpx.Client | None = None) -> dict:
        answer = (host or self.host).get(f"/api/v1/recordings/{self.id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait(self, *states: str, host: httpx.Client | None = None) -> dict:
        wait_until(
            lambda: self.now(host)["state"] in states, PATIENCE, lambda: f"it is not {states} but {self.now(host)}")
        return self.now(host)

    def stop(self, host: httpx.Client | None = None):
        answer = (host or self.host).post(f"{self.path}/{self.id}/stop")
        assert answer.status_code == 200, answer.text


@pytest.fixture
def servers(make_server):
    """Two instances on one database, one Redis and one bucket."""
    made = [make_server(EGRESS_CPUS="4", **UNLIMITED) for _ in range(2)]
    made[0].migrate_and_seed()
    return [server.start() for server in made]


@pytest.fixture
def hosts(servers):
    cookie = sign_in(servers[0])
    clients = [server.client(headers={"Cookie": cookie}) for server in servers]
    yield clients
    for client in clients:
        client.close()


def objects(services, bucket: str) -> dict[str, int]:
    found = services.s3().list_objects_v2(Bucket=bucket).get("Contents", [])
    return {item["Key"]: item["Size"] for item in found if item["Key"].startswith("recordings/")}


@pytest.mark.parametrize("told", ["by webhooks", "by polling"])
def test_a_recording_becomes_a_file_and_is_deleted_with_it(servers, hosts, livekit, services, bucket, told):
    if told == "by webhooks":
        livekit.webhooks.url = f"{servers[0].url}/webhooks/livekit"
    recorded = Recorded(servers[0], livekit, hosts[0])
    recorded.wait("active")
    recorded.stop()
    ready = recorded.wait(*FINAL)
    assert ready["state"] == "ready" and ready["sizeBytes"] == len(livekit.egress.content), ready
    assert list(objects(services, bucket).values()) == [len(livekit.egress.content)]
    link = hosts[1].get(f"/api/v1/recordings/{recorded.id}/link?purpose=download").json()
    assert httpx.get(link["url"], trust_env=False).content == livekit.egress.content
    assert hosts[1].delete(f"/api/v1/recordings/{recorded.id}").status_code in (202, 204)
    wait_until(lambda: hosts[0].get(f"/api/v1/recordings/{recorded.id}").status_code == 404, PATIENCE, "it is still there")
    assert objects(services, bucket) == {}


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["just asked for", "under way", "being uploaded"])
def test_one_instance_finishes_what_a_killed_one_began(servers, hosts, livekit, services, bucket, moment):
    recorded = Recorded(servers[0], livekit, hosts[0])
    if moment != "just asked for":
        recorded.wait("active")
    if moment == "being uploaded":
        livekit.egress.withheld_objects = True
        recorded.stop()
        recorded.wait("uploaded")
    servers[0].process.kill()
    servers[0].process.wait()
    livekit.egress.deliver_withheld()
    if moment != "being uploaded":
        recorded.wait("active", host=hosts[1])
        recorded.stop(hosts[1])
    ready = recorded.wait(*FINAL, host=hosts[1])
    assert ready["state"] == "ready", ready
    assert list(objects(services, bucket).values()) == [len(livekit.egress.content)]
    assert [method for method, _ in livekit.calls].count("StartRoomCompositeEgress") == 1


def test_an_upload_that_succeeds_at_last_is_ready(servers, hosts, livekit, services, bucket):
    recorded = Recorded(servers[0], livekit, hosts[0])
    recorded.wait("active")
    livekit.egress.failing_uploads = livekit.egress.attempts - 1
    recorded.stop()
    assert recorded.wait(*FINAL)["state"] == "ready"
    assert len(objects(services, bucket)) == 1


@pytest.mark.parametrize("told", ["by webhooks", "by polling"])
def test_an_upload_that_fails_for_good_is_failed_with_the_reason(servers, hosts, livekit, services, bucket, told):
    if told == "by webhooks":
        livekit.webhooks.url = f"{servers[1].url}/webhooks/livekit"
    recorded = Recorded(servers[0], livekit, hosts[0])
    recorded.wait("active")
    livekit.egress.failing_uploads = livekit.egress.attempts
    recorded.stop()
    failed = recorded.wait(*FINAL)
    assert failed["state"] == "failed" and "S3 upload failed: InternalError" in failed["failure"], failed
    assert objects(services, bucket) == {}


def test_a_file_that_the_bucket_shows_late_is_ready_only_then(servers, hosts, livekit):
    livekit.egress.withheld_objects = True
    recorded = Recorded(servers[0], livekit, hosts[0])
    recorded.wait("active")
    recorded.stop()
    assert recorded.wait("uploaded", *FINAL)["state"] == "uploaded"
    livekit.egress.deliver_withheld()
    assert recorded.wait(*FINAL)["state"] == "ready"


@pytest.mark.parametrize("mode, reason", [("abort", "Start signal not received"), ("refuse", "recorder"), ("absent", "recorder")])
def test_a_recorder_that_does_not_record_leaves_a_reason(servers, hosts, livekit, mode, reason):
    livekit.egress.mode = mode
    recorded = Recorded(servers[0], livekit, hosts[0])
    failed = recorded.wait(*FINAL)
    assert failed["state"] == "failed" and reason in failed["failure"], failed


@pytest.mark.parametrize("page", [None, "https://meet.example.org/recorder"])
def test_a_page_of_our_own_is_filmed_where_one_is_set(make_server, livekit, page):
    server = make_server(EGRESS_CPUS="8", EGRESS_LAYOUT_URL=page)
    server.migrate_and_seed()
    server.start()
    with server.client(headers={"Cookie": sign_in(server)}) as host:
        for kind in ("composite", "audio"):
            Recorded(server, livekit, host, kind).wait("active")
    composite, audio = (body for method, body in livekit.calls if method == "StartRoomCompositeEgress")
    assert composite["layout"] == "grid" and composite.get("customBaseUrl") == page, composite
    # Sound alone needs no browser, and so no page.
    assert audio["audioOnly"] is True and "customBaseUrl" not in audio, audio
