"""`livekit-conference canary`: a meeting with nobody in it through every service, and nothing left behind."""

import json
import signal
import subprocess

import psycopg
import pytest

from server import wait_until

STEPS = ["backend", "meeting", "join", "signalling", "webhook", "recording", "object", "clean-up"]


@pytest.fixture
def server(make_server, livekit):
    server = make_server(LIVEKIT_PUBLIC_URL=livekit.url.replace("http", "ws", 1), EGRESS_CPUS="4")
    server.migrate_and_seed()
    livekit.webhooks.url = f"{server.url}/webhooks/livekit"
    return server.start()


@pytest.fixture
def left_behind(services, database, bucket, livekit):
    """What a canary has not deleted."""

    def look() -> dict:
        with psycopg.connect(services.url_of_database(database)) as connection:
            meetings = connection.execute("SELECT id FROM meetings WHERE title = 'Canary'").fetchall()
            recordings = connection.execute("SELECT id FROM recordings").fetchall()
        found = services.s3().list_objects_v2(Bucket=bucket).get("Contents", [])
        return {"rooms": list(livekit.rooms), "meetings": meetings, "recordings": recordings,
                "objects": [item["Key"] for item in found if item["Key"].startswith("recordings/")]}  # fmt: skip

    return look


NOTHING = {"rooms": [], "meetings": [], "recordings": [], "objects": []}


def canary(server, *options: str) -> tuple[int, dict]:
    done = server.run("canary", "--json", *options, timeout=300)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["passed"] == (done.returncode == 0)
    return done.returncode, {step["name"]: step for step in report["steps"]}


def test_all_steps_pass_and_nothing_is_left(server, livekit, left_behind):
    status, steps = canary(server, "--timeout", "120")
    assert status == 0 and list(steps) == STEPS, steps
    assert {step["outcome"] for step in steps.values()} == {"passed"}, steps
    assert "room_started" in steps["webhook"]["detail"]
    assert steps["object"]["detail"] == f"{len(livekit.egress.content)} bytes read back"
    assert left_behind() == NOTHING
    livekit.webhooks.settle()
    assert "participant_connection_aborted" in livekit.webhooks.names()


def test_people_read_a_line_for_each_step(server):
    done = server.run("canary", "--timeout", "120", timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split()[:2] for line in done.stdout.splitlines()]
    assert lines == [["passed", name] for name in STEPS]


def test_without_a_recorder_its_steps_are_skipped(server, left_behind):
    server.environment["EGRESS_CPUS"] = "0"
    status, steps = canary(server)
    assert status == 0 and list(steps) == STEPS
    skipped = [name for name, step in steps.items() if step["outcome"] == "skipped"]
    assert skipped == ["recording", "object"] and "no recorder" in steps["object"]["detail"]
    assert left_behind() == NOTHING


def test_a_webhook_that_goes_elsewhere_is_said_and_everything_cleaned_up(server, livekit, left_behind):
    livekit.webhooks.url = None
    status, steps = canary(server, "--timeout", "1")
    assert status == 1 and list(steps) == ["backend", "meeting", "join", "signalling", "webhook", "clean-up"]
    assert steps["webhook"]["outcome"] == "failed" and f"{server.url}/webhooks/livekit" in steps["webhook"]["detail"]
    assert steps["clean-up"]["outcome"] == "passed" and left_behind() == NOTHING


def test_an_upload_that_fails_is_told_with_the_recorders_reason(server, livekit, left_behind):
    livekit.egress.failing_uploads = 100
    status, steps = canary(server, "--timeout", "120")
    assert status == 1 and "S3 upload failed" in steps["recording"]["detail"], steps
    assert "object" not in steps and left_behind() == NOTHING


def test_livekit_that_refuses_the_token_is_told(server, livekit, left_behind):
    livekit.secret = "another secret than the API's configuration has it"
    status, steps = canary(server)
    assert status == 1 and steps["join"]["outcome"] == "failed", steps
    assert left_behind()["recordings"] == []


def test_an_api_that_does_not_run_is_the_first_thing_told(server, left_behind):
    server.stop()
    status, steps = canary(server)
    assert status == 1 and list(steps) == ["backend"] and steps["backend"]["outcome"] == "failed"
    assert left_behind() == NOTHING


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_when_interrupted_it_cleans_up(server, livekit, left_behind, number):
    livekit.webhooks.url = None
    server.write_environment()
    process = subprocess.Popen(
        [server.binary, "canary", "--timeout", "600", "--env-file", str(server.env_file)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=server.plain_environment())
    lines = [process.stdout.readline() for _ in range(4)]
    assert "signalling" in lines[-1], lines
    assert left_behind()["rooms"]
    process.send_signal(number)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "interrupted" in rest and "clean-up" in rest, rest
    assert left_behind() == NOTHING


def test_the_connection_lasts_until_the_end(server, livekit):
    """Who joined by signalling is there while it waits, and gone after it."""
    livekit.webhooks.lost = {"room_started"}
    server.write_environment()
    process = subprocess.Popen(
        [server.binary, "canary", "--timeout", "600", "--env-file", str(server.env_file)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=server.plain_environment())
    for _ in range(4):
        process.stdout.readline()
    states = [person["state"] for people in livekit.people.values() for person in people.values()]
    assert states == ["JOINED"]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    wait_until(lambda: not any(livekit.people.values()), 30, "someone is still there")
