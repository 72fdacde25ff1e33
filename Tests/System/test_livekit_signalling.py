"""The stand-in's signalling and media, judged by LiveKit's own client."""

import asyncio
import secrets
from contextlib import asynccontextmanager

import pytest
from livekit import api, rtc

from livekit_signalling import Signalling
from stand_in_livekit import LiveKit


@pytest.fixture
def signalling():
    livekit = LiveKit("testkey", secrets.token_hex(32)).start()
    livekit.call("CreateRoom", {"name": "room"}, authorization(livekit, room_create=True))
    signalling = Signalling(livekit).start()
    yield signalling
    signalling.stop()
    livekit.stop()


def authorization(livekit: LiveKit, **grants) -> str:
    return "Bearer " + api.AccessToken(livekit.key, livekit.secret).with_grants(api.VideoGrants(**grants)).to_jwt()


def token(signalling: Signalling, identity: str, room: str = "room", **grants) -> str:
    livekit = signalling.livekit
    allowed = api.VideoGrants(room_join=True, room=room, **grants)
    return api.AccessToken(livekit.key, livekit.secret).with_identity(identity).with_name(identity.title()).with_grants(allowed).to_jwt()


def administer(signalling: Signalling, method: str, **body):
    status, answer = signalling.livekit.call(method, {"room": "room", **body}, authorization(signalling.livekit, room_admin=True, room="room"))
    assert status == 200, answer
    return answer


@asynccontextmanager
async def joined(signalling: Signalling, identity: str, **grants):
    room = rtc.Room()
    await room.connect(signalling.url, token(signalling, identity, **grants), rtc.RoomOptions(single_peer_connection=True))
    try:
        yield room
    finally:
        await room.disconnect()


class Heard:
    """The events of one kind, to be awaited one after the other."""

    def __init__(self, room: rtc.Room, event: str):
        self._queue: asyncio.Queue = asyncio.Queue()
        room.on(event, lambda *arguments: self._queue.put_nowait(arguments))

    async def next(self):
        return await asyncio.wait_for(self._queue.get(), 30)


def test_two_clients_see_each_other_and_exchange_data(signalling):
    async def scenario():
        async with joined(signalling, "ada") as ada:
            came, went = Heard(ada, "participant_connected"), Heard(ada, "participant_disconnected")
            async with joined(signalling, "bob") as bob:
                data = Heard(bob, "data_received")
                assert [person.name for person in bob.remote_participants.values()] == ["Ada"]
                assert (await came.next())[0].identity == "bob"
                await ada.local_participant.publish_data(b"hello", topic="greeting")
                packet = (await data.next())[0]
                assert (packet.data, packet.topic, packet.participant.identity) == (b"hello", "greeting", "ada")
                listed = administer(signalling, "ListParticipants")["participants"]
                assert {(person["identity"], person["state"]) for person in listed} == {("ada", "ACTIVE"), ("bob", "ACTIVE")}
            assert (await went.next())[0].identity == "bob"

    asyncio.run(scenario())


def test_chat_as_a_text_stream_reaches_the_others_whole(signalling):
    async def scenario():
        async with joined(signalling, "ada") as ada, joined(signalling, "bob") as bob:
            texts: asyncio.Queue[str] = asyncio.Queue()

            async def read(reader):
                texts.put_nowait(await reader.read_all())

            bob.register_text_stream_handler("lk.chat", lambda reader, _: asyncio.ensure_future(read(reader)))
            long = "länger als ein Stück " * 3000
            await ada.local_participant.send_text(long, topic="lk.chat")
            assert await asyncio.wait_for(texts.get(), 30) == long

    asyncio.run(scenario())


def test_video_is_forwarded(signalling):
    async def scenario():
        async with joined(signalling, "ada") as ada, joined(signalling, "bob") as bob:
            subscribed = Heard(bob, "track_subscribed")
            source = rtc.VideoSource(160, 120)
            track = rtc.LocalVideoTrack.create_video_track("camera", source)
            options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False)
            sending = asyncio.ensure_future(paint(source))
            await ada.local_participant.publish_track(track, options)
            stream = rtc.VideoStream((await subscribed.next())[0])
            frame = (await asyncio.wait_for(anext(aiter(stream)), 30)).frame
            assert (frame.width, frame.height) == (160, 120)
            sending.cancel()
            await stream.aclose()

    asyncio.run(scenario())


async def paint(source: rtc.VideoSource):
    picture = rtc.VideoFrame(160, 120, rtc.VideoBufferType.RGBA, bytes(range(240)) * 320)
    while True:
        source.capture_frame(picture)
        await asyncio.sleep(0.05)


def test_what_the_api_does_reaches_the_client(signalling):
    async def scenario():
        async with joined(signalling, "ada") as ada:
            attributes, ended = Heard(ada, "participant_attributes_changed"), Heard(ada, "disconnected")
            administer(signalling, "UpdateParticipant", identity="ada", attributes={"hand": "1"})
            assert (await attributes.next())[0] == {"hand": "1"}
            administer(signalling, "RemoveParticipant", identity="ada")
            assert (await ended.next())[0] == rtc.DisconnectReason.PARTICIPANT_REMOVED
            assert administer(signalling, "ListParticipants")["participants"] == []

    asyncio.run(scenario())


@pytest.mark.parametrize(("room", "secret"), [("elsewhere", None), ("room", "another secret that is long enough to be one")])
def test_nobody_comes_in_without_a_room_or_with_a_token_of_another(signalling, room, secret):
    livekit = signalling.livekit
    grant = api.VideoGrants(room_join=True, room=room)
    forged = api.AccessToken(livekit.key, secret or livekit.secret).with_identity("eve").with_grants(grant).to_jwt()

    async def scenario():
        with pytest.raises(rtc.ConnectError):
            await rtc.Room().connect(signalling.url, forged, rtc.RoomOptions(single_peer_connection=True))

    asyncio.run(scenario())
    assert administer(signalling, "ListParticipants")["participants"] == []
