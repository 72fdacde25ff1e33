"""The smallest signalling that a client of LiveKit's protocol can join by: a WebSocket at /rtc that says who is there.

No media: as with a real server, someone whose peer connection never comes about has not joined when they go.
"""

import base64
import hashlib
import struct
import urllib.parse

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(written + bytes([value]))


def field(number: int, content: bytes | str) -> bytes:
    """A length-delimited field of a protobuf message."""
    content = content.encode() if isinstance(content, str) else content
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def join_response(room: dict, person: dict) -> bytes:
    """`livekit.SignalResponse` with a `JoinResponse`: the room's sid and name, the participant's sid and identity."""
    return field(1, field(1, field(1, room["sid"]) + field(2, room["name"]))
                 + field(2, field(1, person["sid"]) + field(2, person["identity"])))  # fmt: skip


def read_frame(stream) -> tuple[int, bytes] | None:
    """The next frame's opcode and content; None when the connection has ended."""
    head = stream.read(2)
    if len(head) < 2:
        return None
    length = head[1] & 0x7F
    if length >= 126:
        length = int.from_bytes(stream.read(2 if length == 126 else 8), "big")
    mask = stream.read(4) if head[1] & 0x80 else bytes(4)
    content = stream.read(length)
    return head[0] & 0x0F, bytes(byte ^ mask[index % 4] for index, byte in enumerate(content))


def frame(opcode: int, content: bytes) -> bytes:
    length = len(content)
    size = struct.pack("!B", length) if length < 126 else struct.pack("!BH", 126, length)
    return bytes([0x80 | opcode]) + size + content


def serve(handler, livekit):
    """Answers GET /rtc: refuses, or joins and stays until the client goes."""
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(handler.path).query))
    token = query.get("access_token") or handler.headers.get("Authorization", "").removeprefix("Bearer ")
    status, answer = livekit.enter(token)
    if status != 200:
        return handler.answer(status, answer)
    key = handler.headers.get("Sec-WebSocket-Key")
    if handler.headers.get("Upgrade", "").lower() != "websocket" or not key:
        livekit.leave(answer)
        return handler.answer(400, "Bad Request")
    handler.send_response(101, "Switching Protocols")
    handler.send_header("Upgrade", "websocket")
    handler.send_header("Connection", "Upgrade")
    handler.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode())
    handler.end_headers()
    handler.wfile.write(frame(2, join_response(*answer)))
    try:
        while received := read_frame(handler.rfile):
            opcode, content = received
            if opcode == 9:
                handler.wfile.write(frame(10, content))
            if opcode == 8:
                handler.wfile.write(frame(8, content))
                break
    except OSError:
        pass  # the client is gone without a word
    livekit.leave(answer)
    handler.close_connection = True
