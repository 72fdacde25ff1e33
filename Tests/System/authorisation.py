"""The people of test_authorisation.py and what they call operations about, on a running server."""

import copy
import itertools
import json
import secrets
import uuid
from dataclasses import dataclass

import httpx
import psycopg

from authorisation_matrix import KEYS
from load import ADMIN
from server import Server

PASSWORD = "correct horse battery staple"
PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILE_ID = "3ebe1a1b5bd6a2c8dd5b4ac9cb9b9dee4f9f1c8d"
# Everything that someone could want to change. Jobs in the background touch none of it in a test's time.
TABLES = (
    "accounts", "meetings", "participants", "recordings", "whiteboards", "whiteboard_elements", "whiteboard_states",
    "whiteboard_pictures", "messages", "meeting_feedback", "audit_log",
)  # fmt: skip


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    content: object
    content_type: str | None

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"

    @property
    def names(self) -> list[str]:
        """The parameters of its path."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


def operations(document: dict) -> list[Operation]:
    """Every operation of an OpenAPI document, with its example's content."""
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method == "parameters":
                continue
            ((kind, body),) = operation.get("requestBody", {"content": {None: {}}})["content"].items()
            found.append(Operation(operation["operationId"], method.upper(), path, body.get("example"), kind))
    return found


class World:
    """A server, its accounts, and requests in their names."""

    def __init__(self, server: Server, livekit, database_url: str):
        self.server, self.livekit = server, livekit
        self.client = server.client()
        self.database = psycopg.connect(database_url, autocommit=True)
        self.numbers = itertools.count(1)
        self.sessions: dict[str, dict[str, str]] = {}
        self.admin = self.sign_in(ADMIN)
        self.accounts = {role: self.new_account() for role in ("other", "owner", "host elsewhere", "attendee")}
        self.accounts["admin"] = ADMIN
        for role, credentials in self.accounts.items():
            self.sessions[role] = self.sign_in(credentials)
        self.elsewhere = Scene(self, owner=self.sessions["host elsewhere"])

    def close(self):
        self.client.close()
        self.database.close()

    def call(self, method: str, path: str, headers: dict[str, str], content=None, content_type=None) -> httpx.Response:
        """One request; of an event stream only the head."""
        body = None if content is None else json.dumps(content).encode()
        if body is not None:
            headers = {**headers, "Content-Type": content_type or "application/json"}
        with self.client.stream(method, path, headers=headers, content=body) as answer:
            if answer.headers.get("content-type") != "text/event-stream":
                answer.read()
        # Whoever calls is said by the headers alone.
        self.client.cookies.clear()
        return answer

    def expect(self, status: int, *request) -> dict:
        answer = self.call(*request)
        assert answer.status_code == status, f"{request[:2]}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    def sign_in(self, credentials: dict) -> dict[str, str]:
        answer = self.call("POST", "/api/v1/session", {}, {name: credentials[name] for name in ("email", "password")})
        assert answer.status_code == 201, answer.text
        return {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}

    def new_account(self, role: str = "member") -> dict:
        credentials = {"email": f"{next(self.numbers)}@example.org", "password": PASSWORD}
        made = self.expect(
            201, "POST", "/api/v1/accounts", self.admin, {**credentials, "displayName": "Somebody", "role": role})
        return {**credentials, "id": made["id"]}

    def add_the_unknown(self, redis):
        """Sessions that were good once: each of an administrator, who could do everything."""
        self.sessions["nobody"] = {}
        self.sessions["forged"] = {
            "Cookie": f"session={secrets.token_urlsafe(80)}", "Authorization": f"Bearer {secrets.token_urlsafe(80)}"}  # fmt: skip
        expired = self.new_account("admin")
        before = set(redis.keys("lkc:session:*"))
        self.sessions["expired"] = self.sign_in(expired)
        # As its time to live would.
        (record,) = set(redis.keys("lkc:session:*")) - before
        redis.delete(record)
        self.sessions["signed out"] = self.sign_in(expired)
        self.expect(204, "DELETE", "/api/v1/session", self.sessions["signed out"])
        for role, change in ("disabled", {"disabled": True}), ("demoted", {"role": "member"}):
            account = self.new_account("admin")
            self.sessions[role] = self.sign_in(account)
            self.expect(200, "PATCH", f"/api/v1/accounts/{account['id']}", self.admin, change)

    def contents(self, *scenes: "Scene") -> dict[str, list[str]]:
        """Every row of what people could change, by table; of recordings those of the scenes, as others go on by themselves."""
        meetings = [scene.made["meeting_id"] for scene in scenes]

        def rows(table: str) -> list[str]:
            only = " WHERE meeting_id = ANY(%s::uuid[])" if table == "recordings" else ""
            values = [meetings] if only else None
            return sorted(row[0] for row in self.database.execute(f"SELECT t::text FROM {table} t{only}", values).fetchall())

        return {table: rows(table) for table in TABLES}


class Scene:
    """A meeting that goes on, with all that operations are about; an account. Each is made when it is first asked for."""

    def __init__(self, world: World, *, owner: dict[str, str] | None = None):
        self.world = world
        self.host = owner or world.sessions["owner"]
        # Who is the owner: for accounts, not the meeting's host but the account itself.
        self.owner = self.host
        self.made: dict[str, str] = {}
        self.keys: dict[str, dict[str, str]] = {}
        # Whether everyone comes with a session of their own for this scene alone.
        self.signs_in = False
        # Nobody waits unless they shall, and messages are kept.
        meeting = world.expect(
            201, "POST", "/api/v1/meetings", self.host,
            {"title": "Scene", "settings": {"lobby": "off", "chatHistory": True}})
        self.made |= {"meeting_id": meeting["id"], "code": meeting["joinCode"]}
        self.path = f"/api/v1/meetings/{meeting['id']}"

    def come(self, session: dict[str, str] | None = None, *, connected: bool = False) -> tuple[str, dict[str, str]]:
        """Someone who joined: their id and the header with their key."""
        join = (f"{self.path}/join", session) if session else (f"/api/v1/join/{self.made['code']}", {})
        ticket = self.world.expect(200, "POST", *join, {"displayName": "Somebody"})
        if connected:
            self.world.livekit.connect(ticket["connection"]["token"], publishing=("MICROPHONE",))
        key = {"Authorization": f"Bearer {ticket['participantKey']['key']}"}
        return ticket["participant"]["id"], key

    def knock(self) -> tuple[str, dict[str, str]]:
        """Someone who waits in the lobby."""
        settings = f"{self.path}/settings"
        self.world.expect(200, "PATCH", settings, self.host, {"lobby": "everyone"})
        waiting = self.come()
        self.world.expect(200, "PATCH", settings, self.host, {"lobby": "off"})
        return waiting

    def throw_out(self, person: str):
        self.world.expect(204, "DELETE", f"{self.path}/participants/{person}", self.host)
        # That closed the door to guests.
        self.world.expect(200, "PATCH", f"{self.path}/settings", self.host, {"lobby": "off"})

    def headers(self, role: str) -> dict[str, str]:
        """What someone with this role in the scene sends."""
        if self.signs_in and role in self.world.accounts:
            return self.world.sign_in(self.world.accounts[role])
        if role == "guest elsewhere":
            return self.world.elsewhere.headers("guest")
        if role == "host elsewhere":
            return {**self.world.sessions[role], **self.world.elsewhere.headers("guest")}
        if role in KEYS or role == "attendee":
            if role not in self.keys:
                self.keys[role] = self._key(role)
            return self.keys[role]
        return self.owner if role == "owner" else self.world.sessions[role]

    def _key(self, role: str) -> dict[str, str]:
        if role == "waiting":
            return self.knock()[1]
        if role == "attendee":
            session = self.world.sessions[role]
            return {**session, **self.come(session)[1]}
        person, key = self.come()
        one = f"{self.path}/participants/{person}"
        if role == "cohost":
            self.world.expect(200, "PUT", f"{one}/host", self.host)
        elif role == "removed":
            self.throw_out(person)
        elif role == "left":
            self.world.expect(204, "DELETE", f"{self.path}/participants/me", key)
        return key

    def value(self, name: str, operation: Operation) -> str:
        """What stands for a parameter of the path."""
        if name == "participant_id":
            return self._about(operation.id)
        if name not in self.made:
            self.made[name] = getattr(self, f"_{name}")(operation)
        return self.made[name]

    def address(self, operation: Operation, **values: str) -> str:
        path = operation.path
        for name in operation.names:
            path = path.replace(f"{{{name}}}", values.get(name) or self.value(name, operation))
        return path

    def content(self, operation: Operation):
        """The example, where no other fits better."""
        if operation.id == "createSession":
            return {name: self.world.accounts["owner"][name] for name in ("email", "password")}
        if operation.id == "beginConnectionTest":
            return {}
        if operation.id == "createAccount":
            return {"email": f"{uuid.uuid4().hex}@example.org", "displayName": "New", "password": PASSWORD}
        if operation.id == "changeOwnPassword":
            return {"currentPassword": PASSWORD + "!", "newPassword": PASSWORD + "?"}
        return copy.deepcopy(operation.content)

    def _about(self, operation: str) -> str:
        """Someone whom the operation can be about."""
        if operation in ("admitParticipant", "denyParticipant"):
            return self.knock()[0]
        person, _ = self.come(connected=True)
        if operation == "liftRemoval":
            self.throw_out(person)
        return person

    def _account_id(self, operation: Operation) -> str:
        account = self.world.new_account()
        self.owner = self.world.sign_in(account)
        return account["id"]

    def _whiteboard_id(self, operation: Operation) -> str:
        board = self.world.expect(201, "POST", f"{self.path}/whiteboards", self.host, {"title": "Board"})
        path = f"{self.path}/whiteboards/{board['id']}"
        if {"number", "file_id"} & set(operation.names):
            element = {"id": "one", "type": "rectangle", "version": 1, "versionNonce": 7, "isDeleted": False, "index": "a0"}
            self.world.expect(200, "POST", f"{path}/elements", self.host, {"elements": [element]})
        if "number" in operation.names:
            self.world.expect(201, "POST", f"{path}/snapshots", self.host)
        if "file_id" in operation.names:
            self.world.expect(200, "PUT", f"{path}/pictures/{FILE_ID}", self.host, {"dataURL": PICTURE})
        return board["id"]

    def _number(self, operation: Operation) -> str:
        return "1"

    def _file_id(self, operation: Operation) -> str:
        return FILE_ID

    def _message_id(self, operation: Operation) -> str:
        _, key = self.come()
        return self.world.expect(201, "POST", f"{self.path}/messages", key, {"text": "Hello"})["id"]

    def _recording_id(self, operation: Operation) -> str:
        identity = str(uuid.uuid4())
        runs = operation.id == "stopRecording"
        self.world.database.execute(
            """
            INSERT INTO recordings (id, meeting_id, kind, state, egress_id, object_key, size_bytes, created_at, started_at,
                                    ended_at, ready_at, check_at)
            VALUES (%(id)s, %(meeting)s, 'audio', %(state)s, %(name)s, %(name)s, %(size)s, now(), now(), %(ended)s, %(ended)s,
                    %(check)s)
            """,
            {"id": identity, "name": identity, "meeting": self.made["meeting_id"], "state": "active" if runs else "ready", "size": None if runs else 5,
             "ended": None if runs else "now", "check": "2099-01-01" if runs else None},
        )  # fmt: skip
        return identity

    def prepare(self, operation: Operation):
        """Some operations need more than their path says."""
        for name in operation.names:
            if name != "participant_id":
                self.value(name, operation)
        if operation.id == "startRecording":
            self.world.database.execute(
                "UPDATE meetings SET state = 'live', started_at = now() WHERE id = %s", [self.made["meeting_id"]])
        if operation.id == "changeOwnPassword":
            account = self.world.new_account()
            self.owner = self.world.sign_in(account)
            # Another password than everybody's, so that it is nobody else's.
            self.world.expect(
                204, "PUT", "/api/v1/account/password", self.owner,
                {"currentPassword": PASSWORD, "newPassword": PASSWORD + "!"})
            self.owner = self.world.sign_in({**account, "password": PASSWORD + "!"})
        # Both end the session that comes with them.
        self.signs_in = operation.id in ("createSession", "deleteSession")
