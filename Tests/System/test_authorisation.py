"""Every operation by everyone: the answers of authorisation_matrix.py, and a refusal that changes nothing and tells nothing."""

import time
import uuid

import httpx
import pytest

from authorisation import Operation, Scene, World, operations
from authorisation_matrix import MATRIX, ROLES
from load import UNLIMITED
from stand_in_webhooks import sign_token

# What browsers say of a request that another site's page makes.
CROSS_SITE = (
    {"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
)  # fmt: skip


@pytest.fixture
def world(make_server, livekit, services, database, redis_number):
    # Nothing but what is asked for happens: no look at LiveKit in a test's time.
    server = make_server(EGRESS_CPUS="64", RECONCILE_INTERVAL="1h", **UNLIMITED).migrate_and_seed().start()
    world = World(server, livekit, services.url_of_database(database))
    world.add_the_unknown(services.redis(redis_number))
    yield world
    world.close()


@pytest.fixture
def found(world) -> list[Operation]:
    return operations(world.expect(200, "GET", "/api/openapi.json", {}))


def ask(world: World, scene: Scene, operation: Operation, headers: dict[str, str], **values: str) -> httpx.Response:
    return world.call(
        operation.method, scene.address(operation, **values), headers, scene.content(operation), operation.content_type)


def told(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text[:200] if answer.is_closed and answer.status_code >= 400 else ''}"


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """What is in one of them only."""
    rows = [(table, row) for table in after for row in set(before[table]) ^ set(after[table])]
    return [f"{table}: {row[:300]}" for table, row in rows]


def test_every_role_gets_the_answer_of_the_matrix(world, found):
    assert {operation.id for operation in found} == set(MATRIX), "each operation has its line, and each line its operation"
    wrong, calls = [], 0
    for operation in found:
        line = MATRIX[operation.id]
        shared = Scene(world)
        shared.prepare(operation)
        address, content = shared.address(operation), shared.content(operation)
        headers = {role: shared.headers(role) for role in ROLES if operation.is_safe or role not in line.allowed}
        answers = {}
        before = world.contents(shared)
        for role, sent in headers.items():
            answers[role] = world.call(operation.method, address, sent, content, operation.content_type)
        if not operation.is_safe and (changes := changed(before, world.contents(shared))):
            wrong.append(f"{operation.id}: refusals changed {changes}")
        for role in line.allowed if not operation.is_safe else ():
            scene = Scene(world)
            scene.prepare(operation)
            answers[role] = ask(world, scene, operation, scene.headers(role))
        calls += len(answers)
        wrong += [
            f"{operation.id} by {role}: {told(answer)} instead of {line.expected(role)}"
            for role, answer in answers.items() if answer.status_code != line.expected(role)
        ]
    print(f"{len(found)} operations, {len(ROLES)} roles, {calls} calls")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_page_of_another_site_changes_nothing_with_a_visitors_cookie(world, found):
    wrong = []
    for operation in found:
        scene = Scene(world)
        scene.prepare(operation)
        address, before = scene.address(operation), world.contents(scene)
        for defence in CROSS_SITE:
            answer = world.call(
                operation.method, address, {**scene.owner, **defence}, scene.content(operation), operation.content_type)
            sharing = answer.headers.get("Access-Control-Allow-Origin")
            if sharing is not None:
                wrong.append(f"{operation.id}: {defence} is shared with {sharing}")
            # The media server is known by its signature, which no browser adds.
            expected = 401 if operation.id == "receiveMediaEvent" else 403
            if not operation.is_safe and answer.status_code != expected:
                wrong.append(f"{operation.id} with {defence}: {told(answer)}")
        if not operation.is_safe and (changes := changed(before, world.contents(scene))):
            wrong.append(f"{operation.id}: cross-site requests changed {changes}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_what_belongs_to_another_meeting_is_not_found_under_ones_own(world, found):
    """The caller may do the operation in the meeting of the path; the second id is another's."""
    wrong, nested = [], [operation for operation in found if operation.names[:1] == ["meeting_id"] and len(operation.names) > 1]
    assert len(nested) > 20
    for operation in nested:
        own, foreign = Scene(world), Scene(world, owner=world.sessions["host elsewhere"])
        for scene in (own, foreign):
            scene.prepare(operation)
        name = operation.names[1]
        stranger = foreign.value(name, operation)
        callers = {"owner": own.owner, "admin": world.admin, "cohost": own.headers("cohost")}
        before = world.contents(own, foreign)
        for role, headers in callers.items():
            answer = ask(world, own, operation, headers, **{name: stranger})
            if answer.status_code != 404:
                wrong.append(f"{operation.id} by {role} with another meeting's {name}: {told(answer)}")
        if changes := changed(before, world.contents(own, foreign)):
            wrong.append(f"{operation.id} with another meeting's {name} changed {changes}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_refusal_does_not_tell_whether_there_is_such_a_thing(world, found):
    """To whom something doesn't belong, it is as if it weren't there."""
    wrong = []
    for operation in found:
        if not operation.names or operation.names == ["code"]:
            continue
        scene = Scene(world)
        scene.prepare(operation)
        for role in ("other", "host elsewhere", "guest elsewhere"):
            if role in MATRIX[operation.id].allowed:
                continue
            answers = []
            for values in ({}, {name: str(uuid.uuid4()) for name in operation.names if name.endswith("_id") and name != "file_id"}):
                problem = ask(world, scene, operation, scene.headers(role), **values).json()
                answers.append({name: value for name, value in problem.items() if name not in ("instance", "requestId")})
            if answers[0] != answers[1]:
                wrong.append(f"{operation.id} by {role}: {answers[0]} for what is there, {answers[1]} for what is not")
    assert not wrong, "\n" + "\n".join(wrong)


def test_lists_show_nothing_of_others(world):
    for path in ("meetings", "recordings", "analytics", "analytics.csv"):
        address = f"/api/v1/{path}?scope=all"
        assert world.call("GET", address, world.sessions["owner"]).status_code == 403
        assert world.call("GET", address, world.admin).status_code == 200
    mine, theirs = Scene(world), Scene(world, owner=world.sessions["host elsewhere"])
    recording = Operation("getRecording", "GET", "/api/v1/recordings/{recording_id}", None, None)
    for scene in (mine, theirs):
        scene.prepare(recording)
    for path, name in (("meetings", "meeting_id"), ("recordings", "recording_id")):
        shown = {item["id"] for item in world.expect(200, "GET", f"/api/v1/{path}?limit=100", mine.owner)["items"]}
        assert mine.made[name] in shown and theirs.made[name] not in shown


def test_someone_of_another_meeting_is_not_recorded(world):
    mine, theirs = Scene(world), Scene(world, owner=world.sessions["host elsewhere"])
    stranger, _ = theirs.come(connected=True)
    mine.prepare(Operation("startRecording", "POST", "", None, None))
    answer = world.call(
        "POST", f"{mine.path}/recordings", mine.owner, {"kind": "participant", "participantId": stranger})
    assert answer.status_code in (404, 422), told(answer)


def test_the_media_server_is_known_by_its_signature_alone(world, livekit):
    event = {"event": "room_started", "id": "EV_matrix", "createdAt": str(int(time.time())),
             "room": {"sid": "RM_1", "name": str(uuid.uuid4())}}  # fmt: skip
    livekit.webhooks.url = f"{world.server.url}/webhooks/livekit"
    signed = livekit.webhooks.request(event)

    def answer(**changes) -> int:
        headers = dict(signed.header_items()) | changes.get("headers", {})
        return world.client.post("/webhooks/livekit", content=changes.get("content", signed.data), headers=headers).status_code

    now = int(time.time())
    claims = {"exp": now + 300, "iss": livekit.key, "nbf": now, "sha256": "wrong"}
    assert answer() == 200
    assert answer(content=signed.data.replace(b"RM_1", b"RM_2")) == 401
    assert answer(headers={"Authorization": sign_token(claims, livekit.secret)}) == 401
    assert answer(headers={"Authorization": sign_token(claims, "another secret")}) == 401
    # A token that lets someone into a room is no signature of an event.
    scene = Scene(world)
    ticket = world.expect(200, "POST", f"/api/v1/join/{scene.made['code']}", {}, {"displayName": "Grace"})
    assert answer(headers={"Authorization": ticket["connection"]["token"]}) == 401


def test_a_session_ends_at_once_with_its_account(world):
    account = world.new_account()
    session = world.sign_in(account)
    scene = Scene(world, owner=session)
    assert world.call("GET", scene.path, session).status_code == 200
    world.expect(200, "PATCH", f"/api/v1/accounts/{account['id']}", world.admin, {"disabled": True})
    assert world.call("GET", scene.path, session).status_code == 401
    refused = world.call("POST", "/api/v1/session", {}, {name: account[name] for name in ("email", "password")})
    assert refused.status_code == 401
    assert refused.json()["code"] == "wrong_credentials"
