"""A stand-in for LiveKit's recorder: takes the API's calls and "records" by really putting an object into the bucket.

What goes wrong is set by a test: `mode`, `failing_uploads`, `withheld_objects`.
"""

import datetime
import hashlib
import hmac
import itertools
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

FINAL = ("EGRESS_COMPLETE", "EGRESS_FAILED", "EGRESS_ABORTED", "EGRESS_LIMIT_REACHED")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Storage:
    """As `storage.s3` of the recorder's own configuration, or `s3` of a request."""

    endpoint: str
    bucket: str
    access_key: str
    secret: str
    region: str = "us-east-1"

    def put(self, key: str, content: bytes):
        """Uploads by path-style address with Signature Version 4. Raises OSError (HTTPError) when it is refused."""
        base = urllib.parse.urlsplit(self.endpoint)
        path = urllib.parse.quote(f"/{self.bucket}/{key}")
        moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        digest = hashlib.sha256(content).hexdigest()
        headers = {"host": base.netloc, "x-amz-content-sha256": digest, "x-amz-date": moment}
        names = ";".join(sorted(headers))
        listed = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        canonical = f"PUT\n{path}\n\n{listed}\n{names}\n{digest}"
        scope = f"{moment[:8]}/{self.region}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = ("AWS4" + self.secret).encode()
        for part in (*scope.split("/"), text):
            signature = hmac.new(signature, part.encode(), hashlib.sha256).digest()
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, SignedHeaders={names}, Signature={signature.hex()}")
        address = f"{base.scheme}://{base.netloc}{path}"
        with DIRECT.open(urllib.request.Request(address, content, headers, method="PUT"), timeout=20):
            pass


class Egress:
    """`mode` decides what becomes of a recording that starts from now on:

    `record`  it begins at once, and ends with its upload when it is stopped
    `hang`    it is taken and never begins; stopping it leads to nothing
    `abort`   it is taken and aborted
    `refuse`  no recorder takes the work
    `absent`  the server has no Redis through which to find one
    """

    def __init__(self, webhooks, has_room, storage: Storage | None = None):
        self.webhooks, self.has_room, self.storage = webhooks, has_room, storage
        self.mode = "record"
        self.content = b"OggS" + bytes(range(256)) * 64
        # So many uploads fail before one succeeds; the recorder tries each file `attempts` times.
        self.failing_uploads = 0
        self.attempts = 3
        # While true files are reported as uploaded and are not in the bucket.
        self.withheld_objects = False
        self.recordings: dict[str, dict] = {}
        self._requests: dict[str, dict] = {}
        self._withheld: list[tuple[Storage, str]] = []
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)

    def call(self, method: str, body: dict) -> tuple[int, dict]:
        if self.mode == "absent":
            return 500, {"code": "internal", "msg": "egress not connected (redis required)"}
        with self._lock:
            if method in ("StartRoomCompositeEgress", "StartParticipantEgress", "StartTrackEgress"):
                return self._start(body)
            if method == "StopEgress":
                return self._stop(body.get("egressId") or body.get("egress_id", ""))
            if method == "ListEgress":
                return self._list(body)
        return 404, {"code": "bad_route", "msg": f'no handler for path "/twirp/livekit.Egress/{method}"'}

    def _start(self, body):
        room = body.get("roomName") or body.get("room_name", "")
        if self.mode == "refuse":
            return 503, {"code": "unavailable", "msg": "no response from servers"}
        if not self.has_room(room):
            return 404, {"code": "not_found", "msg": "twirp error unknown: requested room does not exist"}
        now = str(time.time_ns())
        info = {"egress_id": f"EG_{next(self._numbers)}_{now[-9:]}", "room_id": "", "room_name": room,
                "status": "EGRESS_STARTING", "started_at": "0", "ended_at": "0", "updated_at": now, "error": "",
                "details": "", "file_results": [], "source_type": "EGRESS_SOURCE_TYPE_SDK"}  # fmt: skip
        output = (body.get("fileOutputs") or body.get("file_outputs") or [body.get("file", {})])[0]
        self.recordings[info["egress_id"]], self._requests[info["egress_id"]] = info, output
        answer = dict(info)
        self.webhooks.send("egress_started", egress_info=answer)
        if self.mode != "hang":
            threading.Thread(target=self._begin, args=(info["egress_id"], self.mode), daemon=True).start()
        return 200, answer

    def _begin(self, egress_id: str, mode: str):
        if mode == "abort":
            self._end(egress_id, "EGRESS_ABORTED", error="Start signal not received")
        else:
            self._change(egress_id, "EGRESS_ACTIVE", started_at=str(time.time_ns()))

    def _stop(self, egress_id):
        info = self.recordings.get(egress_id)
        if info is None:
            return 404, {"code": "not_found", "msg": "twirp error unknown: egress does not exist"}
        if info["status"] in FINAL:
            message = f"twirp error unknown: egress with status {info['status']} cannot be stopped"
            return 412, {"code": "failed_precondition", "msg": message}
        if self.mode == "hang":
            return 200, dict(info)
        if info["status"] != "EGRESS_ENDING":
            self._change(egress_id, "EGRESS_ENDING")
            threading.Thread(target=self._finish, args=(egress_id,), daemon=True).start()
        return 200, dict(info)

    def room_ended(self, room: str):
        """Where nobody is left nothing is recorded: the recorder ends by itself."""
        for egress_id, info in list(self.recordings.items()):
            if info["room_name"] == room and info["status"] not in FINAL:
                self._stop(egress_id)

    def _list(self, body):
        room, wanted = body.get("roomName") or body.get("room_name"), body.get("egressId") or body.get("egress_id")
        items = [
            dict(info) for info in self.recordings.values()
            if room in (None, "", info["room_name"]) and wanted in (None, "", info["egress_id"])
        ]
        return 200, {"items": items}

    def _finish(self, egress_id: str):
        """Uploads, as often as the recorder tries, and ends."""
        output = self._requests[egress_id]
        key, storage = output["filepath"], self._storage(output)
        for attempt in range(self.attempts):
            try:
                if storage is None:
                    raise OSError("no storage is configured")
                with self._lock:
                    fails = self.failing_uploads > 0
                    self.failing_uploads -= fails
                if fails:
                    raise OSError("InternalError: We encountered an internal error. Please try again.")
                if self.withheld_objects:
                    self._withheld.append((storage, key))
                else:
                    storage.put(key, self.content)
            except OSError as error:
                reason = f"failed to upload file: S3 upload failed: {error}"
                continue
            file = {"filename": key, "started_at": self.recordings[egress_id]["started_at"],
                    "ended_at": str(time.time_ns()), "duration": "2000000000", "size": str(len(self.content)),
                    "location": f"{storage.endpoint}/{storage.bucket}/{key}"}  # fmt: skip
            return self._end(egress_id, "EGRESS_COMPLETE", file_results=[file])
        return self._end(egress_id, "EGRESS_FAILED", error=reason)

    def deliver_withheld(self):
        """The bucket shows at last what was uploaded."""
        while self._withheld:
            storage, key = self._withheld.pop()
            storage.put(key, self.content)

    def _storage(self, output: dict) -> Storage | None:
        if not (own := output.get("s3")):
            return self.storage
        return Storage(own["endpoint"], own["bucket"], own.get("accessKey") or own["access_key"], own["secret"],
                       own.get("region") or "us-east-1")  # fmt: skip

    def _change(self, egress_id: str, status: str, **more):
        with self._lock:
            info = self.recordings[egress_id]
            if info["status"] in FINAL or (status == "EGRESS_ACTIVE" and info["status"] == "EGRESS_ENDING"):
                return
            info.update(status=status, updated_at=str(time.time_ns()), **more)
            self.webhooks.send("egress_ended" if status in FINAL else "egress_updated", egress_info=dict(info))

    def _end(self, egress_id: str, status: str, **more):
        self._change(egress_id, status, ended_at=str(time.time_ns()), **more)
