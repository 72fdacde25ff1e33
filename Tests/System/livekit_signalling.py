#!/usr/bin/env python3
"""Signalling for the stand-in for LiveKit: the WebSocket `/rtc/v1` that LiveKit's own clients join by, with data and media.

The rooms and the people are those of the stand-in, so that ListParticipants tells who is connected here, and what the API does to
someone (mute, permissions, removal) reaches their client. One peer connection a client, as LiveKit's clients prefer by now; the
older `/rtc` with two is not served. Resuming isn't either: a client whose signalling broke is told to join anew. As a real server's
port does, this one takes the API's calls too.

As a program (`livekit_signalling.py API_PORT SIGNALLING_PORT KEY SECRET`) it runs both. `POST /stand-in/cut?identity=...&seconds=...`
takes someone's network away for a while; with `&status=401` whoever comes back is refused with that. `POST
/stand-in/quality?identity=...&quality=POOR` tells everyone in the room how good someone's connection is.
"""

import asyncio
import base64
import gzip
import json
import sys
import threading
import time

from aiohttp import WSMsgType, web
from google.protobuf.json_format import ParseDict
from livekit.protocol.models import ConnectionQuality, DataPacket, DisconnectReason, ParticipantInfo, Room, TrackInfo, TrackSource, TrackType
from livekit.protocol.rtc import JoinRequest, LeaveRequest, SignalRequest, SignalResponse, WrappedJoinRequest

from livekit_media import CODECS, Peer, Source
from stand_in_livekit import LiveKit, Refused, read_token

VERSION = "1.13.5"
ANYONE = {"Access-Control-Allow-Origin": "*"}


def info(person: dict) -> ParticipantInfo:
    return ParseDict(person, ParticipantInfo(), ignore_unknown_fields=True)


def is_hidden(person: dict) -> bool:
    """Recorders are: nobody sees them."""
    return person["permission"].get("hidden", False)


class Member:
    """Someone's client: its socket, its peer connection, and what it publishes."""

    def __init__(self, signalling: "Signalling", room: str, person: dict, socket: web.WebSocketResponse):
        self.signalling, self.room, self.person, self.socket = signalling, room, person, socket
        self.identity, self.sid = person["identity"], person["sid"]
        self.is_active = False
        self.announced: dict[str, dict] = {}
        self.unwanted: set[str] = set()
        self.peer = Peer(self._connected, self._lost, self._heard)
        self._outbox: asyncio.Queue[SignalResponse] = asyncio.Queue()

    def tell(self, **message):
        self._outbox.put_nowait(SignalResponse(**message))

    async def write(self):
        """Sends what was told, in order, until the socket is closed."""
        while True:
            message = await self._outbox.get()
            try:
                await self.socket.send_bytes(message.SerializeToString())
            except ConnectionError:
                return
            if message.HasField("leave"):
                # Clients hang up by themselves; closing first would look like a broken network to them.
                await asyncio.sleep(5)
                await self.socket.close()
                return

    def leave(self, reason: int, action: int = LeaveRequest.DISCONNECT):
        self.tell(leave=LeaveRequest(reason=reason, action=action))

    # What the peer connection tells

    def _connected(self):
        if not self.is_active:
            self.is_active = True
            self.person["state"] = "ACTIVE"
            self.signalling.announce("participant_joined", self)
            self.signalling.broadcast_participant(self.room, self.person)

    def _lost(self):
        if not self.socket.closed:
            asyncio.ensure_future(self.socket.close())

    def _heard(self, label: str, message: bytes):
        packet = DataPacket.FromString(message)
        if not self.person["permission"].get("can_publish_data"):
            return
        packet.participant_identity, packet.participant_sid = self.identity, self.sid
        if packet.HasField("user"):
            packet.user.participant_identity, packet.user.participant_sid = self.identity, self.sid
        self.signalling.send_data(self.room, label, packet, besides=self)

    # What the client asks for

    async def handle(self, request: SignalRequest):
        kind = request.WhichOneof("message")
        handler = getattr(self, f"_on_{kind}", None)
        if handler:
            await handler(getattr(request, kind))

    async def _on_offer(self, offer):
        sent = await self.peer.read_offer(offer.sdp)
        self.signalling.sources_changed(self, sent)
        lacking = self.take_sources()
        sdp, taken = await self.peer.answer(lambda source: self.signalling.sid_of(self.room, source.owner))
        self.tell(answer={"type": "answer", "sdp": sdp, "id": offer.id, "mid_to_track_id": taken})
        if any(lacking.values()):
            self.tell(media_sections_requirement={"num_audios": lacking["audio"], "num_videos": lacking["video"]})

    async def _on_trickle(self, trickle):
        if trickle.candidateInit:
            await self.peer.add_candidate(json.loads(trickle.candidateInit))

    async def _on_add_track(self, request):
        source = TrackSource.Name(request.source)
        permission = self.person["permission"]
        allowed = permission.get("can_publish_sources")
        if not permission.get("can_publish") or (allowed and source not in allowed):
            return  # a real server doesn't answer either
        track = {
            "sid": self.signalling.livekit.new_sid("TR"), "type": TrackType.Name(request.type), "name": request.name,
            "muted": request.muted, "source": source, "width": request.width, "height": request.height, "stream": request.stream,
            "mime_type": CODECS["audio" if request.type == TrackType.AUDIO else "video"],
        }  # fmt: skip
        self.announced[request.cid] = track
        self.tell(track_published={"cid": request.cid, "track": ParseDict(track, TrackInfo())})

    async def _on_mute(self, request):
        for track in self.person["tracks"]:
            if track["sid"] == request.sid:
                track["muted"] = request.muted
        self.signalling.broadcast_participant(self.room, self.person)

    async def _on_subscription(self, request):
        change = self.unwanted.difference_update if request.subscribe else self.unwanted.update
        change(request.track_sids)
        self.ask_to_negotiate()

    async def _on_update_metadata(self, request):
        if not self.person["permission"].get("can_update_metadata"):
            self.tell(request_response={"request_id": request.request_id, "reason": "NOT_ALLOWED"})
            return
        self.person["name"] = request.name or self.person["name"]
        self.person["metadata"] = request.metadata or self.person["metadata"]
        attributes = self.person["attributes"] | dict(request.attributes)
        self.person["attributes"] = {name: value for name, value in attributes.items() if value}
        self.signalling.broadcast_participant(self.room, self.person)
        self.tell(request_response={"request_id": request.request_id, "reason": "OK"})

    async def _on_ping(self, timestamp):
        self.tell(pong=timestamp)

    async def _on_ping_req(self, ping):
        self.tell(pong_resp={"last_ping_timestamp": ping.timestamp, "timestamp": int(time.time() * 1000)})

    async def _on_leave(self, leave):
        await self.socket.close()

    # What others publish

    def wanted(self) -> list[Source]:
        if not self.person["permission"].get("can_subscribe", True):
            return []
        others = (member for member in self.signalling.members_of(self.room) if member is not self)
        return [source for member in others for source in member.peer.sources.values() if source.sid not in self.unwanted]

    def take_sources(self) -> dict[str, int]:
        """Gives media sections to the tracks that came and takes them from those that went. Returns how many sections lack."""
        wanted = self.wanted()
        lacking = {"audio": 0, "video": 0}
        # Before the old ones are released: a section is seen empty once before the next track has it.
        free = {kind: self.peer.free(kind) for kind in lacking}
        taken = {outgoing.source for outgoing in self.peer.outgoing.values()}
        for outgoing in self.peer.outgoing.values():
            if outgoing.source and outgoing.source not in wanted:
                outgoing.release()
        for source in wanted:
            if source in taken:
                continue
            if free[source.kind]:
                free[source.kind].pop(0).take(source)
            elif not self.peer.free(source.kind):
                lacking[source.kind] += 1
            else:
                self.signalling.soon(self.ask_to_negotiate)
        return lacking

    def ask_to_negotiate(self):
        """Only the client makes offers: it is asked for one, with the media sections that will be needed."""
        lacking = {"audio": 0, "video": 0}
        taken = {outgoing.source for outgoing in self.peer.outgoing.values()}
        for source in self.wanted():
            lacking[source.kind] += source not in taken
        need = {kind: max(0, count - len(self.peer.free(kind))) for kind, count in lacking.items()}
        self.tell(media_sections_requirement={"num_audios": need["audio"], "num_videos": need["video"]})


class Signalling:
    """Serves clients on a port of its own, in a thread of its own."""

    def __init__(self, livekit: LiveKit, port: int = 0):
        self.livekit, self.port = livekit, port
        self.members: dict[str, dict[str, Member]] = {}
        # Until when someone is away, and what they are refused with.
        self.absent: dict[str, tuple[float, int]] = {}
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task] = set()
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        livekit.listeners.append(lambda method, body: self.soon(self._heard_of_call, method, body))

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def start(self) -> "Signalling":
        self._thread.start()
        self._is_ready.wait()
        return self

    def stop(self):
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def soon(self, function, *arguments):
        self._loop.call_soon_threadsafe(function, *arguments)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._loop.run_forever()

    async def _listen(self):
        application = web.Application()
        application.router.add_get("/rtc/v1", self._join)
        application.router.add_get("/rtc/v1/validate", self._validate)
        application.router.add_post("/stand-in/cut", self._cut)
        application.router.add_post("/stand-in/quality", self._quality)
        application.router.add_post("/twirp/livekit.{service}/{method}", self._call)
        application.router.add_get("/", self._alive)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        self._keep(self._watch_speakers())
        self._is_ready.set()

    async def _close(self):
        for member in [member for room in list(self.members) for member in self.members_of(room)]:
            await member.socket.close()
        for task in list(self._tasks):
            task.cancel()
        await self._runner.cleanup()

    def _keep(self, coroutine):
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # Coming and going

    def _token(self, request: web.Request) -> str:
        """Browsers can't send a header with a WebSocket, other clients do."""
        return request.query.get("access_token") or request.headers.get("Authorization", "").removeprefix("Bearer ")

    def _claims(self, request: web.Request) -> dict | None:
        return read_token(self._token(request), self.livekit.key, self.livekit.secret)

    def _refusal(self, request: web.Request) -> tuple[int, str] | None:
        claims = self._claims(request)
        if claims is None:
            return 401, "invalid authorization token"
        if not claims.get("video", {}).get("roomJoin"):
            return 401, "permissions denied"
        until, status = self.absent.get(claims["sub"], (0, 0))
        if time.monotonic() < until:
            return status, "the network is away"
        if claims["video"].get("room") not in self.livekit.rooms:
            return 404, "requested room does not exist"
        return None

    async def _text(self, status: int, text: str) -> web.Response:
        return web.Response(status=status, text=text, headers=ANYONE)

    async def _alive(self, request: web.Request) -> web.Response:
        return await self._text(200, "OK")

    async def _call(self, request: web.Request) -> web.Response:
        service, method = request.match_info["service"], request.match_info["method"]
        authorization = request.headers.get("Authorization", "")
        status, answer = await asyncio.to_thread(self.livekit.call, method, await request.json(), authorization, service)
        return await self._text(status, answer) if isinstance(answer, str) else web.json_response(answer, status=status)

    async def _validate(self, request: web.Request) -> web.Response:
        return await self._text(*(self._refusal(request) or (200, "success")))

    async def _join(self, request: web.Request) -> web.StreamResponse:
        refusal = self._refusal(request)
        if refusal:
            return await self._text(*refusal)
        try:
            join = self._join_request(request.query["join_request"])
        except (KeyError, ValueError) as error:
            return await self._text(400, f"join_request can't be read: {error!r}")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if join.reconnect:
            leave = LeaveRequest(reason=DisconnectReason.STATE_MISMATCH, action=LeaveRequest.RECONNECT)
            await socket.send_bytes(SignalResponse(leave=leave).SerializeToString())
            await socket.close()
            return socket
        await self._serve(self._token(request), join, socket)
        return socket

    def _join_request(self, text: str) -> JoinRequest:
        wrapped = WrappedJoinRequest.FromString(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        content = wrapped.join_request
        return JoinRequest.FromString(gzip.decompress(content) if wrapped.compression == WrappedJoinRequest.GZIP else content)

    async def _serve(self, token: str, join: JoinRequest, socket: web.WebSocketResponse):
        claims = read_token(token, self.livekit.key, self.livekit.secret)
        room = claims["video"]["room"]
        if older := self.members.get(room, {}).get(claims["sub"]):
            self._remove(older, DisconnectReason.DUPLICATE_IDENTITY)
        try:
            person = self.livekit.connect(token)
        except Refused:
            await socket.close()
            return
        person["state"] = "JOINED"
        person["attributes"].update(join.participant_attributes)
        person["permission"]["can_update_metadata"] = claims["video"].get("canUpdateOwnMetadata", False)
        member = Member(self, room, person, socket)
        self._welcome(member)
        self.members.setdefault(room, {})[member.identity] = member
        writer = self._keep(member.write())
        try:
            for track in join.add_track_requests:
                await member._on_add_track(track)
            if join.HasField("publisher_offer"):
                await member._on_offer(join.publisher_offer)
            async for message in socket:
                if message.type == WSMsgType.BINARY:
                    await member.handle(SignalRequest.FromString(message.data))
        finally:
            writer.cancel()
            await member.peer.close()
            self._remove(member, DisconnectReason.CLIENT_INITIATED)

    def _welcome(self, member: Member):
        others = [other for other in self.members_of(member.room) if other.is_active and not is_hidden(other.person)]
        member.tell(join={
            "room": ParseDict(self.livekit.rooms[member.room], Room(), ignore_unknown_fields=True),
            "participant": info(member.person), "other_participants": [info(other.person) for other in others],
            "server_version": VERSION, "server_info": {"version": VERSION, "protocol": 17},
            "enabled_publish_codecs": [{"mime": mime} for mime in CODECS.values()],
            "subscriber_primary": False, "ping_timeout": 15, "ping_interval": 5,
        })  # fmt: skip

    def _remove(self, member: Member, reason: int):
        """Takes someone out, if they are still in: tells the others, and their own client unless it went by itself."""
        if self.members.get(member.room, {}).get(member.identity) is not member:
            return
        del self.members[member.room][member.identity]
        self.livekit.disconnect(member.room, member.identity, member.sid)
        member.person["state"] = "DISCONNECTED"
        if member.is_active:
            self.announce("participant_left", member)
            self.broadcast_participant(member.room, member.person)
        if reason != DisconnectReason.CLIENT_INITIATED:
            member.leave(reason)
        sources = list(member.peer.sources.values())
        member.peer.sources.clear()
        self._negotiate_for(member, sources)

    async def _cut(self, request: web.Request) -> web.Response:
        identity = request.query["identity"]
        self.absent[identity] = time.monotonic() + float(request.query["seconds"]), int(request.query.get("status", 503))
        for room in list(self.members):
            if member := self.members[room].get(identity):
                await member.socket.close()
        return await self._text(200, "cut")

    async def _quality(self, request: web.Request) -> web.Response:
        quality = ConnectionQuality.Value(request.query["quality"])
        for room in list(self.members):
            if member := self.members[room].get(request.query["identity"]):
                for each in self.members_of(room):
                    each.tell(connection_quality={"updates": [{"participant_sid": member.sid, "quality": quality}]})
        return await self._text(200, "told")

    # What people publish and hear of each other

    def members_of(self, room: str) -> list[Member]:
        return list(self.members.get(room, {}).values())

    def sid_of(self, room: str, identity: str) -> str:
        member = self.members.get(room, {}).get(identity)
        return member.sid if member else ""

    def announce(self, event: str, member: Member):
        self.livekit.announce(event, member.room, member.person)

    def broadcast_participant(self, room: str, person: dict):
        for member in self.members_of(room):
            if is_hidden(person) and member.person is not person:
                continue
            member.tell(update={"participants": [info(person)]})

    def sources_changed(self, member: Member, sent: dict[str, str]):
        """Compares what an offer sends (client's track ids by media section) with what was published so far."""
        peer, tracks, changed = member.peer, member.person["tracks"], []
        for mid, source in list(peer.sources.items()):
            if mid not in sent or not any(track["sid"] == source.sid for track in tracks):
                changed.append(peer.sources.pop(mid))
                tracks[:] = [track for track in tracks if track["sid"] != source.sid]
        for mid, cid in sent.items():
            if mid in peer.sources or cid not in member.announced:
                continue
            track = member.announced.pop(cid)
            tracks.append(track | {"mid": mid})
            kind = "audio" if track["type"] == "AUDIO" else "video"
            peer.sources[mid] = Source(track["sid"], member.identity, kind, peer, mid)
            changed.append(peer.sources[mid])
        if changed:
            self.broadcast_participant(member.room, member.person)
            self._negotiate_for(member, changed)

    def _negotiate_for(self, member: Member, sources: list[Source]):
        if sources:
            for other in self.members_of(member.room):
                if other is not member:
                    other.ask_to_negotiate()

    def send_data(self, room: str, label: str, packet: DataPacket, *, besides: Member | None = None):
        to = set(packet.destination_identities) | set(packet.user.destination_identities)
        content = packet.SerializeToString()
        for member in self.members_of(room):
            if member is not besides and (not to or member.identity in to):
                member.peer.send_data(label, content)

    async def _watch_speakers(self):
        speaking: dict[str, bool] = {}
        while True:
            await asyncio.sleep(0.4)
            for room in list(self.members):
                changes = []
                for member in self.members_of(room):
                    loudness = max((source.loudness for source in member.peer.sources.values()), default=0)
                    is_loud = loudness > 0.6
                    if speaking.get(member.sid, False) != is_loud:
                        speaking[member.sid] = is_loud
                        changes.append({"sid": member.sid, "level": loudness, "active": is_loud})
                for member in self.members_of(room) if changes else []:
                    member.tell(speakers_changed={"speakers": changes})

    # What the API does

    def _heard_of_call(self, method: str, body: dict):
        room = body.get("room", "")
        member = self.members.get(room, {}).get(body.get("identity", ""))
        if method == "RemoveParticipant" and member:
            self._remove(member, DisconnectReason.PARTICIPANT_REMOVED)
        elif method == "DeleteRoom":
            for member in self.members_of(room):
                self._remove(member, DisconnectReason.ROOM_DELETED)
        elif method == "MutePublishedTrack" and member:
            member.tell(mute={"sid": body["trackSid"], "muted": body["muted"]})
            self.broadcast_participant(room, member.person)
        elif method == "UpdateParticipant" and member:
            self._permissions_changed(member)
        elif method == "UpdateRoomMetadata":
            for member in self.members_of(room):
                member.tell(room_update={"room": ParseDict(self.livekit.rooms[room], Room(), ignore_unknown_fields=True)})
        elif method == "SendData":
            label = "_lossy" if body.get("kind") in ("LOSSY", 1) else "_reliable"
            user = {"payload": base64.b64decode(body.get("data", "")), "topic": body.get("topic", "")}
            to = body.get("destinationIdentities", [])
            self.send_data(room, label, DataPacket(user=user, destination_identities=to))

    def _permissions_changed(self, member: Member):
        """The stand-in has changed the person, and taken away the tracks that are no longer allowed."""
        kept = {track["sid"] for track in member.person["tracks"]}
        gone = [mid for mid, source in member.peer.sources.items() if source.sid not in kept]
        sources = [member.peer.sources.pop(mid) for mid in gone]
        for source in sources:
            member.tell(track_unpublished={"track_sid": source.sid})
        self.broadcast_participant(member.room, member.person)
        self._negotiate_for(member, sources)


if __name__ == "__main__":
    _, api_port, port, key, secret = sys.argv
    livekit = LiveKit(key, secret, int(api_port)).start()
    Signalling(livekit, int(port)).start()
    livekit._thread.join()
