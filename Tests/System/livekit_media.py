"""Media of the stand-in for LiveKit: one peer connection a participant, whose packets are forwarded as they are.

aiortc gives ICE, DTLS, SRTP and data channels. Its encoders and decoders are not used: a packet that a publisher sends goes to
every subscriber under the subscriber's own stream number, which two cores bear for several participants. VP8 and Opus only, one
layer a camera (the answers don't take up simulcast), no retransmission: a subscriber that lost a packet asks for a key frame.
"""

import time
from dataclasses import dataclass, field

from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtp import (
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    HeaderExtensionsMap,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpSrPacket,
    RtpPacket,
)
from aiortc.sdp import SessionDescription, candidate_from_sdp

CODECS = {"audio": "audio/opus", "video": "video/VP8"}
# Chrome refuses to publish a camera with several layers when the first answer doesn't know their names, although none is used.
EXTENSIONS = {
    "urn:ietf:params:rtp-hdrext:sdes:mid", "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
}  # fmt: skip
RELIABLE = "_reliable"
NO_EXTENSIONS = HeaderExtensionsMap()


@dataclass(eq=False)
class Source:
    """A published track: where it comes from, and the streams it goes to."""

    sid: str
    owner: str
    kind: str
    peer: "Peer"
    mid: str
    ssrc: int = 0
    outgoing: set["Outgoing"] = field(default_factory=set)
    loudness: float = 0.0
    _asked: float = 0.0

    async def ask_for_key_frame(self):
        """Twice a second at most: every subscriber asks by itself."""
        now = time.monotonic()
        if self.kind == "video" and self.ssrc and now - self._asked > 0.5:
            self._asked = now
            await self.peer.send(bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=1, media_ssrc=self.ssrc)))

    async def forward(self, packet: RtpPacket):
        self.ssrc = packet.ssrc
        if packet.extensions.audio_level is not None:
            # From 0, loud, to 127, silent. A peak falls off over a second.
            self.loudness = max(self.loudness * 0.9, 1 - packet.extensions.audio_level[1] / 127)
        for outgoing in list(self.outgoing):
            await outgoing.send(packet)

    async def forward_report(self, report: RtcpSrPacket):
        for outgoing in list(self.outgoing):
            await outgoing.send_report(report)


@dataclass(eq=False)
class Outgoing:
    """A media section that a client receives on. It is taken by one source after the other; numbers go on where they were."""

    peer: "Peer"
    mid: str
    ssrc: int
    payload_type: int
    source: Source | None = None
    _sequence: int = 0
    _timestamp: int = 0
    _shift: tuple[int, int] | None = None

    def take(self, source: Source):
        self.source, self._shift = source, None
        source.outgoing.add(self)

    def release(self):
        if self.source:
            self.source.outgoing.discard(self)
        self.source = None

    async def send(self, packet: RtpPacket):
        if self._shift is None:
            self._shift = (self._sequence + 1 - packet.sequence_number, self._timestamp + 3000 - packet.timestamp)
            await self.source.ask_for_key_frame()
        self._sequence = (packet.sequence_number + self._shift[0]) & 0xFFFF
        self._timestamp = (packet.timestamp + self._shift[1]) & 0xFFFFFFFF
        copy = RtpPacket(self.payload_type, packet.marker, self._sequence, self._timestamp, self.ssrc, packet.payload)
        await self.peer.send(copy.serialize(NO_EXTENSIONS))

    async def send_report(self, report: RtcpSrPacket):
        if self._shift is None:
            return
        copy = RtcpSrPacket(ssrc=self.ssrc, sender_info=report.sender_info)
        original = report.sender_info.rtp_timestamp
        copy.sender_info.rtp_timestamp = (original + self._shift[1]) & 0xFFFFFFFF
        await self.peer.send(bytes(copy))
        copy.sender_info.rtp_timestamp = original


class Peer:
    """The peer connection with one client, which makes the offers; `on_data(label, bytes)` hears what it sends."""

    def __init__(self, on_connected, on_lost, on_data):
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._channels = {}
        self._early: list[bytes] = []
        self._extensions = HeaderExtensionsMap()
        self._mids: dict[int, str] = {}
        self._transport = None
        self.sources: dict[str, Source] = {}
        self.outgoing: dict[str, Outgoing] = {}
        self._connection.on("connectionstatechange", lambda: self._changed(on_connected, on_lost))

        @self._connection.on("datachannel")
        def opened(channel):
            self._channels[channel.label] = channel
            for data in self._early if channel.label == RELIABLE else []:
                channel.send(data)
            channel.on("message", lambda message: on_data(channel.label, message))

    def _changed(self, on_connected, on_lost):
        if self._connection.connectionState == "connected":
            on_connected()
        elif self._connection.connectionState in ("failed", "closed"):
            on_lost()

    async def read_offer(self, sdp: str) -> dict[str, str]:
        """Takes in an offer. Returns the client's ids of the tracks that it sends, by media section."""
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        sent: dict[str, str] = {}
        sections = {media.rtp.muxId: media for media in SessionDescription.parse(sdp).media if media.kind in CODECS}
        for transceiver in self._connection.getTransceivers():
            section = sections[transceiver.mid]
            self._own(transceiver, section)
            if section.direction in ("sendonly", "sendrecv"):
                sent[transceiver.mid] = (section.msid or "").split(" ")[-1]
            elif transceiver.mid not in self.outgoing and section.direction == "recvonly":
                payload_type = transceiver._codecs[0].payloadType
                self.outgoing[transceiver.mid] = Outgoing(self, transceiver.mid, transceiver.sender._ssrc, payload_type)
        return sent

    def _own(self, transceiver, section):
        """Keeps aiortc from encoding and decoding what goes through this section."""

        async def nothing(parameters):
            pass

        transceiver.sender.send = transceiver.receiver.receive = nothing
        transceiver._codecs = [codec for codec in transceiver._codecs if codec.mimeType == CODECS[transceiver.kind]]
        transceiver._headerExtensions = [each for each in section.rtp.headerExtensions if each.uri in EXTENSIONS]
        self._extensions.configure(RTCRtpReceiveParameters(headerExtensions=section.rtp.headerExtensions))
        for description in section.ssrc:
            self._mids[description.ssrc] = transceiver.mid
        if self._transport is None:
            self._transport = transceiver.receiver.transport
            self._transport._handle_rtp_data = self._received
            self._transport._handle_rtcp_data = self._received_control

    def free(self, kind: str) -> list[Outgoing]:
        """The media sections of this kind on which the client could receive one more track."""
        kinds = {transceiver.mid: transceiver.kind for transceiver in self._connection.getTransceivers()}
        return [outgoing for outgoing in self.outgoing.values() if outgoing.source is None and kinds[outgoing.mid] == kind]

    async def answer(self, participant_of) -> tuple[str, dict[str, str]]:
        """The answer to the offer that was read, and the tracks by media section; `participant_of(source)` is who publishes it."""
        for transceiver in self._connection.getTransceivers():
            outgoing = self.outgoing.get(transceiver.mid)
            if outgoing is None:
                transceiver.direction = "recvonly"
            elif outgoing.source is None:
                transceiver.direction = "inactive"
            else:
                transceiver.direction = "sendonly"
                transceiver.sender._stream_id = f"{participant_of(outgoing.source)}|{outgoing.source.sid}"
                transceiver.sender._track_id = outgoing.source.sid
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        taken = {mid: outgoing.source.sid for mid, outgoing in self.outgoing.items() if outgoing.source}
        return self._connection.localDescription.sdp, taken

    async def add_candidate(self, init: dict):
        text = init.get("candidate", "").removeprefix("candidate:")
        # Names of mDNS reach nobody outside of the browser's own network; its packets tell the address anyway.
        if text and ".local" not in text:
            candidate = candidate_from_sdp(text)
            candidate.sdpMid, candidate.sdpMLineIndex = init.get("sdpMid"), init.get("sdpMLineIndex")
            await self._connection.addIceCandidate(candidate)

    async def _received(self, data: bytes, arrival_time_ms: int):
        try:
            packet = RtpPacket.parse(data, self._extensions)
        except ValueError:
            return
        mid = packet.extensions.mid or self._mids.get(packet.ssrc)
        if mid:
            self._mids[packet.ssrc] = mid
        if mid in self.sources:
            await self.sources[mid].forward(packet)

    async def _received_control(self, data: bytes):
        try:
            packets = RtcpPacket.parse(data)
        except ValueError:
            return
        for packet in packets:
            if isinstance(packet, RtcpSrPacket) and (source := self.sources.get(self._mids.get(packet.ssrc))):
                await source.forward_report(packet)
            if isinstance(packet, RtcpPsfbPacket) and packet.fmt in (RTCP_PSFB_PLI, RTCP_PSFB_FIR):
                for outgoing in self.outgoing.values():
                    if outgoing.source and outgoing.ssrc == packet.media_ssrc:
                        await outgoing.source.ask_for_key_frame()

    async def send(self, data: bytes):
        """Sends RTP or RTCP; what can't be sent is lost, as it would be on a network."""
        try:
            await self._transport._send_rtp(data)
        except (ConnectionError, AttributeError):
            pass

    def send_data(self, label: str, data: bytes):
        channel = self._channels.get(label)
        if channel and channel.readyState == "open":
            channel.send(data)
        elif not channel and label == RELIABLE:
            self._early.append(data)

    async def close(self):
        for outgoing in self.outgoing.values():
            outgoing.release()
        await self._connection.close()
