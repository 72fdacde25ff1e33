"""Services are killed and frozen under load: the server lives on, answers clearly, recovers, and loses nothing it said yes to."""

import os
import time

import httpx
import pytest

from load import ADMIN, UNLIMITED, Load, sign_in
from own_services import OwnPostgres, OwnRedis, OwnS3
from server import wait_until
from services import require

DATABASE = "faults"
# How fast it should be is 2 s; the bound is wider, since the tests share a busy machine.
RECOVERY_BOUND = 10


@pytest.fixture
def postgres(services):
    postgres = OwnPostgres(services.postgres_bin)
    yield from started(postgres)


@pytest.fixture
def own_redis(services):
    yield from started(OwnRedis(services.redis_server))


@pytest.fixture
def s3():
    yield from started(OwnS3(require("TEST_S3_KIND"), require("TEST_S3_PYTHON")))


def started(service):
    try:
        service.start()
        yield service
    finally:
        service.remove()


@pytest.fixture
def server(make_server, postgres, own_redis):
    return serve(make_server, postgres, own_redis)


def serve(make_server, postgres, own_redis, **settings):
    server = make_server(DATABASE_URL=postgres.url(DATABASE), REDIS_URL=own_redis.url, **UNLIMITED, **settings)
    server.migrate_and_seed()
    return server.start()


def health_of(server, name: str) -> dict:
    """What /health says of one service; checks on the way that it comes in time, whatever is broken."""
    began = time.monotonic()
    answer = httpx.get(server.url + "/health", timeout=10, trust_env=False)
    assert time.monotonic() - began < 2, "/health took longer than 2 s"
    live = httpx.get(server.url + "/health/live", timeout=2, trust_env=False)
    assert live.status_code == 200
    report = answer.json()
    service = next(service for service in report["services"] if service["service"] == name)
    return {"http": answer.status_code, "overall": report["status"], **service}


def wait_health(server, name: str, status: str, seconds: float = RECOVERY_BOUND) -> dict:
    def reached():
        health = health_of(server, name)
        return health if health["status"] == status else None

    return wait_until(reached, seconds, lambda: f"{name} never became {status}: {health_of(server, name)}")


def wait_load(load: Load, moment: float, condition, what: str, seconds: float = 30):
    """Waits for the first outcome after the moment that fulfils the condition."""
    return wait_until(lambda: next((o for o in load.since(moment) if condition(o)), None), seconds, what)


def assert_all_kept(load: Load, postgres: OwnPostgres):
    stored_meetings = {row[0] for row in postgres.rows(DATABASE, "SELECT id::text FROM meetings")}
    stored_participants = {row[0] for row in postgres.rows(DATABASE, "SELECT id::text FROM participants")}
    assert load.meetings, "the load created nothing"
    assert load.participants, "nobody of the load joined"
    assert load.meetings <= stored_meetings, "acknowledged meetings are lost"
    assert load.participants <= stored_participants, "acknowledged participants are lost"


def test_killed_postgresql_costs_clear_503s_only(server, postgres):
    pid = server.pid
    with Load(server, sign_in(server)) as load:
        wait_load(load, 0, lambda o: o.kind == "join" and o.succeeded, "no join succeeded before the fault")
        for _ in range(2):
            killed = time.monotonic()
            postgres.kill()
            wait_until(lambda: sum(not o.succeeded for o in load.since(killed)) >= 20, 30, "no refusals while it was away")
            down = wait_health(server, "postgresql", "failed")
            assert (down["http"], down["overall"]) == (503, "failed") and down["reason"]
            postgres.start()
            returned = time.monotonic()
            first = wait_load(load, returned, lambda o: o.kind == "join" and o.succeeded, "no recovery", RECOVERY_BOUND)
            print(f"PostgreSQL: first success {first.ended - returned:.2f} s after its return")
            wait_health(server, "postgresql", "ok")
    assert not load.unacceptable()
    assert any(o.answer and o.answer.is_clear_refusal for o in load.outcomes)
    assert server.is_running() and server.pid == pid
    assert_all_kept(load, postgres)


def test_killed_redis_costs_nobody_a_request_or_the_session(server, postgres, own_redis):
    pid = server.pid
    with Load(server, sign_in(server)) as load:
        own_redis.wait_until_written()
        for _ in range(2):
            own_redis.kill()
            down = wait_health(server, "redis", "failed")
            assert (down["http"], down["overall"]) == (200, "degraded") and down["reason"]
            # While it is away, people sign in and requests of signed-in people and of guests go on.
            away = time.monotonic()
            with server.client() as client:
                assert client.post("/api/v1/session", json=ADMIN).status_code == 201
                assert client.get("/api/v1/session").status_code == 200
            for kind in ("create", "read", "join"):
                wait_load(load, away, lambda o: o.kind == kind and o.succeeded, f"no {kind} without Redis")
            own_redis.start()
            returned = time.monotonic()
            wait_health(server, "redis", "ok")
            print(f"Redis: /health ok {time.monotonic() - returned:.2f} s after its return")
            wait_load(load, time.monotonic(), lambda o: o.kind == "join" and o.succeeded, "no join after its return")
    failed = [o for o in load.outcomes if not o.succeeded]
    assert not failed, f"{len(failed)} requests of {len(load.outcomes)} failed, the first: {failed[0]}"
    assert server.is_running() and server.pid == pid
    assert_all_kept(load, postgres)


def test_killed_storage_degrades_and_returns(make_server, postgres, own_redis, s3, bucket):
    server = serve(make_server, postgres, own_redis, S3_ENDPOINT=s3.endpoint)
    pid = server.pid
    with Load(server, sign_in(server)) as load:
        wait_health(server, "storage", "ok")
        s3.kill()
        down = wait_health(server, "storage", "failed")
        assert (down["http"], down["overall"]) == (200, "degraded") and down["reason"]
        s3.start()
        # The stand-in keeps nothing on disk; a real one would come back with its buckets.
        make_bucket(s3, bucket)
        returned = time.monotonic()
        wait_health(server, "storage", "ok")
        print(f"storage: /health ok {time.monotonic() - returned:.2f} s after its return")
    failed = [o for o in load.outcomes if not o.succeeded]
    assert not failed, f"{len(failed)} requests of {len(load.outcomes)} failed, the first: {failed[0]}"
    assert server.is_running() and server.pid == pid
    assert_all_kept(load, postgres)


def make_bucket(s3: OwnS3, bucket: str):
    import botocore.session

    client = botocore.session.get_session().create_client(
        "s3", endpoint_url=s3.endpoint, region_name="us-east-1", aws_access_key_id=os.environ["TEST_S3_ACCESS_KEY"],
        aws_secret_access_key=os.environ["TEST_S3_SECRET_KEY"],
    )
    client.create_bucket(Bucket=bucket)


def test_frozen_postgresql_never_delays_health(server, postgres):
    cookie = sign_in(server)
    with Load(server, cookie, workers=4) as load:
        wait_load(load, 0, lambda o: o.kind == "join" and o.succeeded, "no join succeeded before the fault")
        with postgres.frozen():
            down = wait_health(server, "postgresql", "failed")
            assert down["http"] == 503 and down["reason"]
            for _ in range(20):
                health_of(server, "postgresql")
            # Whoever waits gets an answer too, in time.
            frozen = time.monotonic()
            wait_load(load, 0, lambda o: o.ended >= frozen and not o.succeeded, "requests wait for ever", 20)
        thawed = time.monotonic()
        first = wait_load(load, thawed, lambda o: o.kind == "join" and o.succeeded, "no recovery", RECOVERY_BOUND)
        print(f"frozen PostgreSQL: first success {first.ended - thawed:.2f} s after it went on")
        wait_health(server, "postgresql", "ok")
    assert not load.unacceptable()
    assert_all_kept(load, postgres)


def test_frozen_redis_never_delays_health_and_requests_go_on(server, postgres, own_redis):
    with Load(server, sign_in(server), workers=4) as load:
        wait_load(load, 0, lambda o: o.kind == "join" and o.succeeded, "no join succeeded before the fault")
        with own_redis.frozen():
            frozen = time.monotonic()
            down = wait_health(server, "redis", "failed")
            assert (down["http"], down["overall"]) == (200, "degraded") and down["reason"]
            for _ in range(20):
                health_of(server, "redis")
            for kind in ("create", "read", "join"):
                wait_load(load, frozen, lambda o: o.kind == kind and o.succeeded, f"no {kind} while Redis hangs")
        wait_health(server, "redis", "ok")
    failed = [o for o in load.outcomes if not o.succeeded]
    assert not failed, f"{len(failed)} requests of {len(load.outcomes)} failed, the first: {failed[0]}"
    slowest = max(o.ended - o.began for o in load.outcomes)
    print(f"frozen Redis: the slowest request took {slowest:.2f} s")
    assert slowest < 5
    assert_all_kept(load, postgres)
