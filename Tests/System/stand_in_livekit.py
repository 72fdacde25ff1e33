#!/usr/bin/env python3
"""A stand-in for the LiveKit server's RoomService: rooms and people in memory, answers and errors as a real server gave them.

It carries no media by itself (livekit_signalling.py adds that). `connect` puts someone into a room as a client with a token
would, and refuses what LiveKit refuses.
Run as a program (`stand_in_livekit.py PORT KEY SECRET [ADDRESS]`) it serves until it is ended.
"""

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

ADMIN = {"ListParticipants", "GetParticipant", "RemoveParticipant", "MutePublishedTrack", "UpdateParticipant",
         "UpdateRoomMetadata", "SendData"}  # fmt: skip
NOBODY = (404, {"code": "not_found", "msg": "twirp error unknown: participant does not exist"})
NO_ROOM = (404, {"code": "not_found", "msg": "twirp error unknown: requested room does not exist"})
DENIED = (401, {"code": "unauthenticated", "msg": "permissions denied"})


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
    def __init__(self, key: str, secret: str, port: int = 0, address: str = "127.0.0.1"):
        self.key, self.secret = key, secret
        self.rooms: dict[str, dict] = {}
        self.people: dict[str, dict[str, dict]] = {}
        self.calls: list[tuple[str, dict]] = []
        # Called after each call of the API that went well, with its method and body.
        self.listeners: list[Callable[[str, dict], None]] = []
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._server = _Server((address, port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> "LiveKit":
        self._thread.start()
        return self

    def stop(self):
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
                },
            }  # fmt: skip
            self.people[video["room"]][claims["sub"]] = person
            return person

    def disconnect(self, room: str, identity: str, sid: str):
        """Someone goes, unless they were removed already or came again meanwhile."""
        with self._lock:
            people = self.people.get(room, {})
            if people.get(identity, {}).get("sid") == sid:
                del people[identity]

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers)}"

    def announce(self, event: str, room: str, person: dict):
        """What a real server tells by webhook."""

    def person(self, room: str, identity: str) -> dict | None:
        with self._lock:
            return self.people.get(room, {}).get(identity)

    def _track(self, source: str) -> dict:
        kind = "AUDIO" if source in ("MICROPHONE", "SCREEN_SHARE_AUDIO") else "VIDEO"
        return {"sid": f"TR_{next(self._numbers)}", "type": kind, "source": source, "name": "", "muted": False}

    # What the API does

    def call(self, method: str, body: dict, authorization: str) -> tuple[int, dict | str]:
        claims = read_token(authorization.removeprefix("Bearer "), self.key, self.secret)
        if claims is None:
            return 401, "invalid authorization token"
        video = claims.get("video", {})
        right = {"CreateRoom": "roomCreate", "DeleteRoom": "roomCreate", "ListRooms": "roomList"}.get(method, "roomAdmin")
        if not video.get(right) or (method in ADMIN and video.get("room") != body.get("room")):
            return DENIED
        function = getattr(self, f"_{method}", None)
        if function is None:
            return 404, {"code": "bad_route", "msg": f'no handler for path "/twirp/livekit.RoomService/{method}"'}
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
        return 200, self.rooms[name]

    def _ListRooms(self, body):
        names = body.get("names") or list(self.rooms)
        return 200, {"rooms": [room for name, room in self.rooms.items() if name in names]}

    def _DeleteRoom(self, body):
        self.people.pop(body["room"], None)
        return (200, {}) if self.rooms.pop(body["room"], None) else NO_ROOM

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
        return (200, {}) if self.people.get(body["room"], {}).pop(body["identity"], None) else NOBODY

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
                self._answer(200, "OK")

            def do_POST(self):
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                prefix, _, method = self.path.rpartition("/")
                try:
                    body = json.loads(content)
                except ValueError:
                    return self._answer(400, {"code": "malformed", "msg": "the json request could not be decoded"})
                if prefix != "/twirp/livekit.RoomService":
                    return self._answer(404, {"code": "bad_route", "msg": f'no handler for path "{self.path}"'})
                return self._answer(*livekit.call(method, body, self.headers.get("Authorization", "")))

            def _answer(self, status, body):
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


if __name__ == "__main__":
    _, port, key, secret, *address = sys.argv
    LiveKit(key, secret, int(port), *address).start()._thread.join()
