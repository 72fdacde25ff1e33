"""A real LiveKit server for tests, and people in its rooms by LiveKit's own client library.

The configuration is written as JSON, which YAML's parsers read. Everything is on loopback, so no client needs a STUN server.
"""

import asyncio
import json
import os
import secrets
import subprocess
import threading
from pathlib import Path

import httpx

from server import free_port, wait_until


class RealLiveKit:
    def __init__(self, program: str, folder: Path, webhook_url: str):
        self.program, self.folder, self.webhook_url = program, folder, webhook_url
        self.key, self.secret = "testkey", secrets.token_hex(32)
        self.port, self.tcp_port = free_port(), free_port()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def configuration(self) -> dict:
        """Unknown names are fatal to the server."""
        return {
            "port": self.port,
            "bind_addresses": ["127.0.0.1"],
            "rtc": {
                "tcp_port": self.tcp_port, "port_range_start": 50000, "port_range_end": 50200, "use_external_ip": False,
                "node_ip": "127.0.0.1", "enable_loopback_candidate": True,
                # Without any of its own it hands out public ones.
                "stun_servers": ["127.0.0.1:9"],
            },
            "keys": {self.key: self.secret},
            "room": {"auto_create": False},
            "webhook": {"api_key": self.key, "urls": [self.webhook_url]},
            "logging": {"level": "info", "json": True},
        }  # fmt: skip

    @property
    def log(self) -> str:
        path = self.folder / "livekit.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> "RealLiveKit":
        file = self.folder / "livekit.yaml"
        # It refuses keys that others may read.
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
            json.dump(self.configuration, opened)
        with open(self.folder / "livekit.log", "ab") as log:
            self.process = subprocess.Popen([self.program, "--config", str(file)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._answers, 60, lambda: f"{self.program} doesn't answer at {self.url}:\n{self.log[-4000:]}")
        return self

    def _answers(self) -> bool:
        # Fatal errors are printed, and the process ends with 0.
        if self.process.poll() is not None:
            raise AssertionError(f"{self.program} ended with {self.process.returncode} at once:\n{self.log[-4000:]}")
        try:
            # 406 means that it doesn't count itself as ready.
            return httpx.get(self.url, timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        # The first SIGTERM waits for the last participant, the second doesn't.
        for _ in range(2):
            self.process.terminate()
            try:
                self.process.wait(10)
                return
            except subprocess.TimeoutExpired:
                continue
        self.process.kill()
        self.process.wait()


class RealVisitor:
    """Someone in a room, with LiveKit's client and a synthetic sound."""

    def __init__(self, url: str, token: str):
        from livekit import rtc

        self.rtc, self.url, self.token = rtc, url.replace("http", "ws", 1), token
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def _do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def come(self):
        """Connects and publishes a tone as a microphone's."""
        self._do(self._come())

    async def _come(self):
        rtc = self.rtc
        self.room = rtc.Room(self.loop)
        await self.room.connect(self.url, self.token, rtc.RoomOptions(auto_subscribe=False))
        self.source = rtc.AudioSource(48000, 1)
        track = rtc.LocalAudioTrack.create_audio_track("tone", self.source)
        await self.room.local_participant.publish_track(
            track, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))
        self.playing = self.loop.create_task(self._play())

    async def _play(self):
        samples = b"".join(
            (8000 if (index // 54) % 2 else -8000).to_bytes(2, "little", signed=True) for index in range(480))
        while True:
            await self.source.capture_frame(self.rtc.AudioFrame(samples, 48000, 1, 480))

    @property
    def is_connected(self) -> bool:
        return self.room.connection_state == self.rtc.ConnectionState.CONN_CONNECTED

    def go(self):
        self.playing.cancel()
        self._do(self.room.disconnect())
        self.loop.call_soon_threadsafe(self.loop.stop)


class StandInVisitor:
    """The same with the stand-in, without media."""

    def __init__(self, livekit, room: str, token: str):
        self.livekit, self.room, self.token = livekit, room, token

    def come(self):
        self.identity = self.livekit.come(self.token, publishing=("MICROPHONE",))["identity"]

    @property
    def is_connected(self) -> bool:
        return self.livekit.person(self.room, self.identity) is not None

    def go(self):
        self.livekit.go(self.room, self.identity)
