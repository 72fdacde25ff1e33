"""Webhooks as LiveKit sends them: protobuf JSON, signed over its raw bytes, one after the other, without a look at the answer."""

import base64
import hashlib
import hmac
import itertools
import json
import queue
import re
import secrets
import threading
import time
import urllib.error
import urllib.request

# The first value of each enumeration, which protobuf JSON leaves out.
DEFAULTS = ("", 0, "0", False, None, [], {}, "STANDARD", "UNKNOWN_REASON", "JOINING", "EGRESS_STARTING", "AUDIO", "UNKNOWN")
NO_REDIRECTS = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def sign_token(claims: dict, secret: str) -> str:
    signed = ".".join(_encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{signed}.{_encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def protobuf_json(message):
    """A message with names in snake case and all its defaults, as LiveKit's API answers, in the webhooks' form."""
    if isinstance(message, list):
        return [protobuf_json(item) for item in message]
    if not isinstance(message, dict):
        return message
    written = {}
    for name, value in message.items():
        if value in DEFAULTS:
            continue
        camel = re.sub(r"_(.)", lambda match: match[1].upper(), name)
        written[camel] = value if name == "attributes" else protobuf_json(value)
    return written


class Webhooks:
    """Sends to `url` once one is set. An event whose name is in `lost` is dropped, as LiveKit drops what it can't deliver."""

    def __init__(self, key: str, secret: str, url: str | None = None):
        self.key, self.secret, self.url = key, secret, url
        self.lost: set[str] = set()
        # (event, status of the answer or the error's text)
        self.sent: list[tuple[dict, int | str]] = []
        self._queue: queue.Queue[dict | None] = queue.Queue()
        self._numbers = itertools.count(1)
        self._run = secrets.token_hex(4)
        threading.Thread(target=self._work, daemon=True).start()

    def send(self, name: str, **parts):
        if self.url is None or name in self.lost:
            return
        event = {"event": name, **parts, "id": f"EV_{self._run}{next(self._numbers)}", "created_at": str(int(time.time()))}
        # Written now: what it is about goes on changing.
        self._queue.put(json.loads(json.dumps(protobuf_json(event))))

    def settle(self):
        """Waits until everything that was sent has been answered."""
        self._queue.join()

    def names(self, room: str | None = None) -> list[str]:
        return [
            event["event"] for event, _ in list(self.sent)
            if room in (None, event.get("room", {}).get("name"), event.get("egressInfo", {}).get("roomName"))
        ]

    def stop(self):
        self._queue.put(None)

    def request(self, event: dict) -> urllib.request.Request:
        content = json.dumps(event, separators=(", ", ":"), ensure_ascii=False).encode()
        now = int(time.time())
        token = sign_token(
            {"exp": now + 300, "iss": self.key, "nbf": now,
             "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode()}, self.secret)
        headers = {"Authorization": token, "Content-Type": "application/webhook+json", "User-Agent": "Go-http-client/1.1"}
        return urllib.request.Request(self.url, content, headers)

    def _work(self):
        while (event := self._queue.get()) is not None:
            try:
                with NO_REDIRECTS.open(self.request(event), timeout=10) as answer:
                    outcome: int | str = answer.status
            except urllib.error.HTTPError as error:
                outcome = error.code
            except OSError as error:
                outcome = str(error)
            self.sent.append((event, outcome))
            self._queue.task_done()
