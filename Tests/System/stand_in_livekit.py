#!/usr/bin/env python3
"""A stand-in for the LiveKit server: rooms, people and recordings in memory, answers and errors as a real server gave them.

It carries no media by itself (livekit_signalling.py adds that). `connect` puts someone into a room as a client with a token would, and
refuses what LiveKit refuses; `come` also tells so by webhook. As a program (`stand_in_livekit.py --port 7880 --key KEY --secret
SECRET`, see `--help`) it serves until it is ended.
"""

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stand_in_signalling
from stand_in_egress import Egress, Storage
from stand_in_webhooks import Webhooks

ADMIN = {"ListParticipants", "GetParticipant", "RemoveParticipant", "MutePublishedTrack", "UpdateParticipant",
         "UpdateRoomMetadata", "SendData"}  # fmt: skip
NOBODY = (404, {"code": "not_found", "msg": "twirp error unknown: participant does not exist"})
NO_ROOM = (404, {"code": "not_found", "msg": "twirp error unknown: requested room does not exist"})
DENIED = (401, {"code": "unauthenticated", "msg": "permissions denied"})


def bad_route(path: str) -> tuple[int, dict]:
    meta = {"twirp_invalid_route": f"POST {path}"}
    return 404, {"code": "bad_route", "msg": f'no handler for path "{path}"', "meta": meta}


class Refused(Exception):
    """A client may not come in."""


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def read_token(token: str, key: str, secret: str) -> dict | None:
    """The claims of a valid token, or None."""
    try:
        head, body, signature = token.split(".")
        expected = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
        claims = json.loads(_decode(body))
    except ValueError:
        return None
    now = time.time()
    good = hmac.compare_digest(expected, _decode(signature)) and claims.get("iss") == key
    return claims if good and claims.get("nbf", 0) <= now + 10 and claims.get("exp", 0) > now else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *arguments):
        self.connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request, client_address):
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        # A client that hangs up is none of ours.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def stop(self):
        self.shutdown()
        self.server_close()
        # Clients keep their connections; a server that has ended has none.
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it ended by itself


class LiveKit:
    # How long the number of participants in a room's description lags behind.
    count_lag = 2.0

    def __init__(
        self, key: str, secret: str, port: int = 0, *, host: str = "127.0.0.1", storage: Storage | None = None,
        webhook_url: str | None = None,
    ):
        self.key, self.secret = key, secret
        self.webhooks = Webhooks(key, secret, webhook_url)
        self.egress = Egress(self.webhooks, lambda room: room in self.rooms, storage)
        self.rooms: dict[str, dict] = {}
        self.people: dict[str, dict[str, dict]] = {}
        self.calls: list[tuple[str, dict]] = []
        # Called after each call of the API that went well, with its method and body.
        self.listeners: list[Callable[[str, dict], None]] = []
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        # Connections of which webhooks tell, and for each room when it had how many people.
        self._announced: set[str] = set()
        self._counts: dict[str, list[tuple[float, int]]] = {}
        self._server = _Server((host, port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> "LiveKit":
        self._thread.start()
        return self

    def stop(self):
        self.webhooks.stop()
        self._server.stop()

    # What clients do

    def connect(self, token: str, *, publishing: tuple[str, ...] = ()) -> dict:
        """Someone comes with a token and publishes tracks of these sources, such as MICROPHONE."""
        claims = read_token(token, self.key, self.secret)
        video = (claims or {}).get("video", {})
        with self._lock:
            if not video.get("roomJoin"):
                raise Refused("the token doesn't allow to join")
            if video["room"] not in self.rooms:
                raise Refused("there is no such room, and rooms are not made by joining")
            sources = [source.upper() for source in video.get("canPublishSources", [])]
            forbidden = set(publishing) - set(sources)
            if forbidden:
                raise Refused(f"the token doesn't allow to publish {forbidden}")
            person = {
                "sid": f"PA_{next(self._numbers)}", "identity": claims["sub"], "name": claims.get("name", ""),
                "state": "ACTIVE", "kind": "STANDARD", "joined_at": str(int(time.time())), "metadata": "",
                "attributes": dict(claims.get("attributes", {})),
                "tracks": [self._track(source) for source in publishing],
                "permission": {
                    "can_subscribe": video.get("canSubscribe", True), "can_publish": video.get("canPublish", True),
                    "can_publish_data": video.get("canPublishData", True), "can_publish_sources": sources,
                    "hidden": video.get("hidden", False),
                },
            }  # fmt: skip
            self.people[video["room"]][claims["sub"]] = person
            self._counted(video["room"])
            return person

    def disconnect(self, room: str, identity: str, sid: str):
        """Someone goes, unless they were removed already or came again meanwhile."""
        with self._lock:
            people = self.people.get(room, {})
            if people.get(identity, {}).get("sid") == sid:
                del people[identity]
            self._counted(room)

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers)}"

    def come(self, token: str, *, publishing: tuple[str, ...] = ()) -> dict:
        """`connect`, and what webhooks tell of it."""
        person = self.connect(token, publishing=publishing)
        room = read_token(token, self.key, self.secret)["video"]["room"]
        self._announced.add(person["sid"])
        self.announce("participant_joined", room, person)
        for track in person["tracks"]:
            self.announce_track("track_published", room, person, track)
        return person

    def go(self, room: str, identity: str, reason: str = "CLIENT_INITIATED"):
        """Someone leaves, or is made to."""
        with self._lock:
            person = self.people.get(room, {}).pop(identity, None)
            self._counted(room)
            if person:
                self._left(room, person, reason)

    def _left(self, room: str, person: dict, reason: str):
        if person["sid"] not in self._announced:
            return
        self._announced.discard(person["sid"])
        for track in person["tracks"]:
            self.announce_track("track_unpublished", room, person, track)
        self.announce("participant_left", room, person | {"state": "DISCONNECTED", "disconnect_reason": reason})

    def announce(self, event: str, room: str, person: dict):
        """Tells by webhook that someone joined, left, or could not connect."""
        self.webhooks.send(event, room=self.rooms.get(room, {"name": room}), participant=person)

    def announce_track(self, event: str, room: str, person: dict, track: dict):
        """These events carry only sid and name of the room and sid and identity of the participant."""
        brief = {name: self.rooms.get(room, {}).get(name) for name in ("sid", "name")}
        who = {name: person[name] for name in ("sid", "identity")}
        self.webhooks.send(event, room=brief, participant=who, track=track)

    def enter(self, token: str) -> tuple[int, str | tuple[dict, dict]]:
        """Someone joins by the signalling connection alone. The room and the person, or a refusal."""
        try:
            person = self.connect(token)
        except Refused as refusal:
            is_room = "room" in str(refusal) and "token" not in str(refusal)
            return (404, "requested room does not exist") if is_room else (401, "invalid authorization token")
        person["state"] = "JOINED"
        room = read_token(token, self.key, self.secret)["video"]["room"]
        return 200, (self.rooms[room], person)

    def leave(self, joined: tuple[dict, dict]):
        """Undoes `enter`, unless they were removed already."""
        room, person = joined
        self.disconnect(room["name"], person["identity"], person["sid"])
        self.announce("participant_connection_aborted", room["name"], person | {"state": "DISCONNECTED"})

    def _counted(self, room: str):
        self._counts.setdefault(room, []).append((time.monotonic(), len(self.people.get(room, {}))))

    def person(self, room: str, identity: str) -> dict | None:
        with self._lock:
            return self.people.get(room, {}).get(identity)

    def _track(self, source: str) -> dict:
        kind = "AUDIO" if source in ("MICROPHONE", "SCREEN_SHARE_AUDIO") else "VIDEO"
        return {"sid": f"TR_{next(self._numbers)}", "type": kind, "source": source, "name": "", "muted": False}

    # What the API does

    def call(self, method: str, body: dict, authorization: str, service: str = "RoomService") -> tuple[int, dict | str]:
        claims = read_token(authorization.removeprefix("Bearer "), self.key, self.secret)
        if claims is None:
            return 401, "invalid authorization token"
        video = claims.get("video", {})
        if service == "Egress":
            if not video.get("roomRecord"):
                return DENIED
            self.calls.append((method, body))
            return self.egress.call(method, body)
        right = {"CreateRoom": "roomCreate", "DeleteRoom": "roomCreate", "ListRooms": "roomList"}.get(method, "roomAdmin")
        if not video.get(right) or (method in ADMIN and video.get("room") != body.get("room")):
            return DENIED
        function = getattr(self, f"_{method}", None)
        if function is None:
            return bad_route(f"/twirp/livekit.RoomService/{method}")
        with self._lock:
            self.calls.append((method, body))
            answer = function(body)
        for listener in self.listeners if answer[0] == 200 else []:
            listener(method, body)
        return answer

    def _CreateRoom(self, body):
        name = body["name"]
        if name not in self.rooms:
            now = time.time()
            self.rooms[name] = {
                "sid": f"RM_{next(self._numbers)}", "name": name, "empty_timeout": body.get("emptyTimeout", 300),
                "departure_timeout": body.get("departureTimeout", 20), "max_participants": body.get("maxParticipants", 0),
                "creation_time": str(int(now)), "creation_time_ms": str(int(now * 1000)),
                "metadata": body.get("metadata", ""), "num_participants": 0, "active_recording": False,
            }  # fmt: skip
            self.people[name] = {}
            self._counts[name] = []
            self.webhooks.send("room_started", room=self.rooms[name])
        return 200, self.rooms[name]

    def _ListRooms(self, body):
        names = body.get("names") or list(self.rooms)
        return 200, {"rooms": [self._described(name) for name in self.rooms if name in names]}

    def _described(self, name):
        known = [count for moment, count in self._counts[name] if moment <= time.monotonic() - self.count_lag]
        return self.rooms[name] | {"num_participants": known[-1] if known else 0}

    def _DeleteRoom(self, body):
        for person in self.people.pop(body["room"], {}).values():
            self._left(body["room"], person, "ROOM_DELETED")
        room = self.rooms.pop(body["room"], None)
        if room is None:
            return NO_ROOM
        self.webhooks.send("room_finished", room=room)
        self.egress.room_ended(body["room"])
        return 200, {}

    def _UpdateRoomMetadata(self, body):
        if body["room"] not in self.rooms:
            return NO_ROOM
        self.rooms[body["room"]]["metadata"] = body["metadata"]
        return 200, self.rooms[body["room"]]

    def _ListParticipants(self, body):
        return 200, {"participants": list(self.people.get(body["room"], {}).values())}

    def _GetParticipant(self, body):
        person = self.people.get(body["room"], {}).get(body["identity"])
        return (200, person) if person else NOBODY

    def _RemoveParticipant(self, body):
        person = self.people.get(body["room"], {}).pop(body["identity"], None)
        if person is None:
            return NOBODY
        self._counted(body["room"])
        self._left(body["room"], person, "PARTICIPANT_REMOVED")
        return 200, {}

    def _MutePublishedTrack(self, body):
        person = self.people.get(body["room"], {}).get(body["identity"])
        if not person:
            return NOBODY
        if not body["muted"]:
            return 412, {"code": "failed_precondition", "msg": "twirp error unknown: remote unmute not enabled"}
        tracks = [track for track in person["tracks"] if track["sid"] == body["trackSid"]]
        for track in tracks:
            track["muted"] = True
        return 200, {"track": tracks[0] if tracks else None}

    def _UpdateParticipant(self, body):
        person = self.people.get(body["room"], {}).get(body["identity"])
        if not person:
            return NOBODY
        for name in ("name", "metadata"):
            person[name] = body.get(name, person[name])
        for name, value in body.get("attributes", {}).items():
            person["attributes"][name] = value
            if not value:
                del person["attributes"][name]
        if permission := body.get("permission"):
            sources = permission.get("canPublishSources", [])
            person["permission"] = {
                "can_subscribe": permission.get("canSubscribe", False), "can_publish": permission.get("canPublish", False),
                "can_publish_data": permission.get("canPublishData", False), "can_publish_sources": sources,
            }  # fmt: skip
            allowed = (sources or ["CAMERA", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"]) if permission.get("canPublish") else []
            person["tracks"] = [track for track in person["tracks"] if track["source"] in allowed]
        return 200, person

    def _SendData(self, body):
        return (200, {}) if body["room"] in self.rooms else NO_ROOM

    def _handler(self):
        livekit = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and content are two writes, of which the second would wait for the client's delayed acknowledgement.
            disable_nagle_algorithm = True

            def do_GET(self):
                if self.path.split("?")[0] == "/rtc":
                    return stand_in_signalling.serve(self, livekit)
                known = self.path == "/"
                return self.answer(200 if known else 404, "OK" if known else "404 page not found\n")

            def do_POST(self):
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                prefix, _, method = self.path.rpartition("/")
                try:
                    body = json.loads(content)
                except ValueError:
                    return self.answer(400, {"code": "malformed", "msg": "the json request could not be decoded"})
                service = prefix.removeprefix("/twirp/livekit.")
                if service not in ("RoomService", "Egress"):
                    return self.answer(*bad_route(self.path))
                return self.answer(*livekit.call(method, body, self.headers.get("Authorization", ""), service))

            def answer(self, status, body):
                is_text = isinstance(body, str)
                content = (body if is_text else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/plain; charset=utf-8" if is_text else "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        return Handler


def main():
    parser = argparse.ArgumentParser(description="Stands in for a LiveKit server with its recorder, without media.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=7880)
    parser.add_argument("--key", default="devkey", help="API key")
    parser.add_argument("--secret", default="secret", help="API secret; with @FILE read from a file's first line")
    parser.add_argument("--webhook-url", help="where events are sent to, such as http://127.0.0.1:3001/webhooks/livekit")
    for name in ("endpoint", "bucket", "access-key", "secret", "region"):
        parser.add_argument(f"--s3-{name}", help="the bucket that recordings are written to" if name == "endpoint" else None)
    options = parser.parse_args()
    secret = options.secret
    if secret.startswith("@"):
        with open(secret[1:], encoding="utf-8") as file:
            secret = file.readline().strip()
    storage = options.s3_endpoint and Storage(
        options.s3_endpoint, options.s3_bucket, options.s3_access_key, options.s3_secret, options.s3_region or "us-east-1")
    server = LiveKit(
        options.key, secret, options.port, host=options.host, storage=storage, webhook_url=options.webhook_url)
    print(f"listening on {server.url}", flush=True)
    server.start()._thread.join()


if __name__ == "__main__":
    main()
