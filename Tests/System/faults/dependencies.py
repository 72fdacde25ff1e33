"""What the server depends on, each with the faults that it can have. `begin` starts a fault, `end` ends it."""

import os
import secrets
import signal
import struct
import subprocess

import botocore.session
from botocore.config import Config

from faults.network import Network, run
from own_services import OwnPostgres, OwnRedis, OwnS3
from server import Server
from stand_in_livekit import LiveKit


class SmallDisk:
    """Makes the folder of a service a file system of its own that can be filled."""

    megabytes: int

    def prepare_folder(self):
        run("mount", "-t", "tmpfs", "-o", f"size={self.megabytes}m", "lkc-faults", str(self.folder))

    @property
    def filler(self):
        return self.folder / "filler"

    def fill(self):
        free = os.statvfs(self.folder)
        with open(self.filler, "wb") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize))
            except OSError:
                pass  # the service was faster

    def remove(self):
        if self.process and self.process.poll() is None:
            self.thaw()
            self.kill()
        subprocess.run(["umount", "-l", str(self.folder)], check=False)
        super().remove()


class Postgres(SmallDisk, OwnPostgres):
    megabytes = 500

    def command(self) -> list[str]:
        return super().command() + ["-c", "max_wal_size=64MB", "-c", "min_wal_size=32MB", "-c", "max_connections=200"]


class Redis(SmallDisk, OwnRedis):
    # Its file is written anew at 64 MB only; several hundred schedules write 100.
    megabytes = 250


class Dependency:
    """A service, or what is like one."""

    faults: tuple[str, ...] = ()

    def begin(self, fault: str):
        getattr(self, f"begin_{fault}")()

    def end(self, fault: str):
        getattr(self, f"end_{fault}")()


class Remote(Dependency):
    """What is reached through the network."""

    faults = ("cut", "partition", "delay")

    def __init__(self, name: str, network: Network):
        self.name, self.network, self.proxy = name, network, network.proxies[name]

    def begin_cut(self):
        self.proxy.cut()

    def end_cut(self):
        self.proxy.mend()

    def begin_partition(self):
        self.network.namespace.partition(self.proxy.port)

    def end_partition(self):
        self.network.namespace.partition(self.proxy.port, ends=True)

    def begin_delay(self):
        self.proxy.delay = 0.25

    def end_delay(self):
        self.proxy.delay = 0.0


class Process(Remote):
    """A process of ours, which a supervisor would start again."""

    faults = Remote.faults + ("kill", "stop")

    def __init__(self, name: str, network: Network, service):
        super().__init__(name, network)
        self.service = service

    def begin_kill(self):
        self.service.kill()

    def end_kill(self):
        self.service.start()

    def begin_stop(self):
        self._frozen = self.service.frozen()
        self._frozen.__enter__()

    def end_stop(self):
        self._frozen.__exit__(None, None, None)


class Database(Process):
    faults = Process.faults + ("disk_full",)

    def begin_disk_full(self):
        self.service.fill()

    def end_disk_full(self):
        self.service.filler.unlink(missing_ok=True)
        # It may have given up.
        self.service.start()


class Storage(Process):
    """Keeps its objects in memory, so what it had is gone when it is killed: only then is a recording's file missing."""

    def __init__(self, network: Network, service: OwnS3, bucket: str, access_key: str, secret_key: str):
        super().__init__("storage", network, service)
        self.bucket, self.keys = bucket, {"aws_access_key_id": access_key, "aws_secret_access_key": secret_key}

    def end_kill(self):
        super().end_kill()
        self.make_bucket()

    def make_bucket(self):
        client = botocore.session.get_session().create_client(
            "s3", endpoint_url=self.service.endpoint, region_name="us-east-1", config=Config(s3={"addressing_style": "path"}),
            **self.keys)  # fmt: skip
        client.create_bucket(Bucket=self.bucket)


class MediaServer(Remote):
    """LiveKit's stand-in, in this process. `amnesia`: it was started again, and all rooms are gone; `silence`: its events are lost."""

    faults = Remote.faults + ("amnesia", "silence")

    def __init__(self, network: Network, livekit: LiveKit):
        super().__init__("livekit", network)
        self.livekit = livekit

    def begin_amnesia(self):
        self.proxy.cut()
        with self.livekit._lock:
            closed = list(self.livekit.rooms)
            for people in self.livekit.people.values():
                people.clear()
            self.livekit.rooms.clear()
        for room in closed:
            self.livekit.egress.room_ended(room)

    def end_amnesia(self):
        self.proxy.mend()

    def begin_silence(self):
        self.livekit.webhooks.lost = {
            "room_started", "room_finished", "participant_joined", "participant_left", "participant_connection_aborted",
            "track_published", "track_unpublished", "egress_started", "egress_updated", "egress_ended",
        }

    def end_silence(self):
        self.livekit.webhooks.lost = set()


class Recorder(Dependency):
    """The recorder takes no work, gives up, or can't upload."""

    faults = ("refuse", "abort", "absent", "failing_uploads")

    def __init__(self, livekit: LiveKit):
        self.egress = livekit.egress

    def begin(self, fault: str):
        if fault == "failing_uploads":
            self.egress.failing_uploads = 1000
        else:
            self.egress.mode = fault

    def end(self, fault: str):
        self.egress.failing_uploads, self.egress.mode = 0, "record"


class DNS(Dependency):
    """Names get no answer or a failure, and connections end, so that names are asked for."""

    faults = ("silent", "fail")

    def __init__(self, network: Network):
        self.network = network

    def begin(self, fault: str):
        self.network.names.mode = fault
        for proxy in self.network.proxies.values():
            proxy.cut()
            proxy.mend()

    def end(self, fault: str):
        self.network.names.mode = "answer"


class Clock(Dependency):
    """The server's wall clock is set. What was planned while it was ahead waits as long as it was, so it isn't by much."""

    faults = ("minutes_ahead", "minutes_behind")

    def __init__(self, file):
        self.file = file
        file.write_bytes(bytes(8))

    def begin(self, fault: str):
        self._set(300 if fault == "minutes_ahead" else -300)

    def end(self, fault: str):
        self._set(0)

    def _set(self, seconds: int):
        with open(self.file, "r+b") as file:
            file.write(struct.pack("=q", seconds))


class Itself(Dependency):
    """The server: killed and started again, as systemd would, or stopped for a moment."""

    faults = ("kill", "stop")

    def __init__(self, server: Server):
        self.server = server

    def begin(self, fault: str):
        if fault == "kill":
            self.server.process.kill()
            self.server.process.wait()
        else:
            self.server.signal(signal.SIGSTOP)

    def end(self, fault: str):
        if fault == "kill":
            # What it needs may still be away.
            self.server.start(wait=False)
        else:
            self.server.signal(signal.SIGCONT)


def bucket_name() -> str:
    return "faults-" + secrets.token_hex(6)
