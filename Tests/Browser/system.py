#!/usr/bin/env python3
"""The whole system for tests in a browser, on one origin as Caddy would serve it: the static export, the API, LiveKit's signalling.

Reads TEST_* and LIVEKIT_CONFERENCE_BIN as Tests/System does, BROWSER_TEST_PORT, and FRONTEND_OUT, the export's folder. LiveKit is
LIVEKIT_SERVER_BIN where that is set, else the stand-in. Runs until SIGTERM. Besides what Caddy serves there is
`POST /control/restart`, which restarts the API and answers when it is ready, `POST /control/announce-update`, which tells everyone in a meeting
that an update comes in 5 minutes and answers with those meetings, `POST /control/recorder?room=...`, which answers with a
recorder's token, `POST /control/recordings?become=...`, which sets the `mode` of the stand-in's recorder, and the stand-in's
`POST /stand-in/cut` and `/stand-in/quality`.
"""

import asyncio
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from aiohttp import ClientConnectionError, ClientPayloadError, ClientSession, ClientTimeout
from aiohttp import TCPConnector, WSMsgType, web

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/System"))

from livekit_signalling import Signalling  # noqa: E402
from real_livekit import RealLiveKit  # noqa: E402
from server import Server, free_port  # noqa: E402
from services import Services, require  # noqa: E402
from stand_in_egress import Egress, Storage  # noqa: E402
from stand_in_livekit import LiveKit  # noqa: E402
from stand_in_webhooks import sign_token  # noqa: E402

ACCOUNT = ("ada@example.org", "Ada Lovelace", "correct horse battery staple")
# Of one connection, not of the message.
HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "host", "content-length", "content-encoding"}


class System:
    def __init__(self, port: int):
        self.origin = f"http://localhost:{port}"
        self.export = Path(require("FRONTEND_OUT"))
        self.services = Services.from_environment()
        self.folder = Path(tempfile.mkdtemp(prefix="browser-tests-"))
        self.database = self.services.new_database_name()
        self.bucket = "test-" + secrets.token_hex(8)
        self.livekit: RealLiveKit | StandIn | None = None
        self.api_port = free_port()

    def start(self):
        livekit = self.livekit = self._livekit().start()
        self.services.redis(15).flushdb()
        settings = {
            "APP_ENV": "local", "LISTEN": f"127.0.0.1:{self.api_port}", "PUBLIC_URL": self.origin, "FRONTEND_URL": self.origin,
            "MIGRATIONS_DIR": str(ROOT / "migrations"), "DATABASE_URL": self.services.url_of_database(self.database),
            "REDIS_URL": self.services.url_of_redis(15), "S3_ENDPOINT": self.services.s3_endpoint,
            "S3_ACCESS_KEY": self.services.s3_access_key, "S3_SECRET_KEY": self.services.s3_secret_key,
            "S3_BUCKET": self.bucket, "S3_REGION": "us-east-1", "SESSION_SECRET": secrets.token_hex(32),
            "LIVEKIT_URL": livekit.url, "LIVEKIT_PUBLIC_URL": self.origin.replace("http", "ws"),
            "LIVEKIT_API_KEY": livekit.key, "LIVEKIT_API_SECRET": livekit.secret,
            # Enough for every kind of recording.
            "EGRESS_CPUS": "4",
        }  # fmt: skip
        self.server = Server(require("LIVEKIT_CONFERENCE_BIN"), self.folder, settings)
        self._run("migrate")
        email, name, password = ACCOUNT
        self._run("user", "add", "--admin", "--email", email, "--name", name, "--password-file", "-", input=password + "\n")
        self._remember_gatherings()
        self._start_api()

    def _remember_gatherings(self):
        """A month of meetings of the account's, which have ended: one a day, with 2 to 8 people for half an hour."""
        with psycopg.connect(self.services.url_of_database(self.database)) as connection:
            connection.execute(
                """
                INSERT INTO gatherings
                    (meeting_id, owner_id, started_at, ended_at, is_stale, participants, peak_participants, joins, leaves,
                    participant_seconds, aborted_connections, never_connected, recordings, recorded_seconds, ratings, rating_sum)
                SELECT uuidv7(), accounts.id, at, at + interval '30 minutes', false, people, people, people, people, people * 1800,
                    (ago %% 9 = 0)::int, (ago %% 13 = 0)::int, (ago %% 5 = 0)::int, (ago %% 5 = 0)::int * 1500, people / 2, people / 2 * 4
                FROM accounts, generate_series(1, 29) AS ago,
                    LATERAL (SELECT now() - ago * interval '1 day' AS at, 2 + ago * 5 %% 7 AS people) AS day
                WHERE accounts.email = %s
                """,
                [ACCOUNT[0]],
            )

    def _run(self, *command: str, **options):
        done = self.server.run(*command, **options)
        assert done.returncode == 0, f"{command} failed:\n{done.stdout}{done.stderr}"

    def _start_api(self):
        # Ready is asked of the API itself: what is before it may not listen yet.
        self.server.start(wait=False)
        address, self.server.environment["PUBLIC_URL"] = self.origin, f"http://127.0.0.1:{self.api_port}"
        self.server.wait_ready(60)
        self.server.environment["PUBLIC_URL"] = address

    def restart_api(self):
        self.server.stop()
        self._start_api()

    def _livekit(self) -> "RealLiveKit | StandIn":
        webhook_url = f"http://127.0.0.1:{self.api_port}/webhooks/livekit"
        if program := os.environ.get("LIVEKIT_SERVER_BIN"):
            print(f"LiveKit is {program}", flush=True)
            return RealLiveKit(program, self.folder, webhook_url)
        print("LiveKit is the stand-in: LIVEKIT_SERVER_BIN is not set", flush=True)
        services = self.services
        return StandIn(
            webhook_url, Storage(services.s3_endpoint, self.bucket, services.s3_access_key, services.s3_secret_key))

    def stop(self):
        log = os.environ.get("BROWSER_TEST_LOGS")
        try:
            self.server.stop()
        finally:
            if self.livekit:
                self.livekit.stop()
            if log:
                for file in self.folder.glob("*.log"):
                    shutil.copy(file, log)
            shutil.rmtree(self.folder, ignore_errors=True)
            self.services.drop_database(self.database)


class StandIn:
    """The stand-in with its signalling, as a server of LiveKit."""

    def __init__(self, webhook_url: str, storage: Storage):
        self.key, self.secret = "testkey", secrets.token_hex(32)
        self._livekit = LiveKit(self.key, self.secret, storage=storage, webhook_url=webhook_url)
        self._signalling = Signalling(self._livekit)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._signalling.port}"

    @property
    def egress(self) -> Egress:
        return self._livekit.egress

    def start(self) -> "StandIn":
        self._livekit.start()
        self._signalling.start()
        return self

    def stop(self):
        self._signalling.stop()
        self._livekit.stop()


class Front:
    """What Caddy does: files, and requests handed on. While the API restarts, requests wait."""

    def __init__(self, system: System):
        self.system = system

    async def serve(self, port: int):
        self.session = ClientSession(
            timeout=ClientTimeout(total=None), connector=TCPConnector(force_close=True, limit=0), auto_decompress=False
        )
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_post("/control/restart", self._restart)
        application.router.add_post("/control/announce-update", self._announce_update)
        application.router.add_post("/control/recorder", self._recorder)
        application.router.add_post("/control/recordings", self._recordings)
        application.router.add_route("*", "/{path:.*}", self._answer)
        self.runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "localhost", port).start()

    async def close(self):
        await self.session.close()
        await self.runner.cleanup()

    async def _restart(self, request: web.Request) -> web.Response:
        await asyncio.to_thread(self.system.restart_api)
        return web.Response(text="restarted")

    async def _announce_update(self, request: web.Request) -> web.Response:
        done = await asyncio.to_thread(self.system.server.run, "live", "--announce-update", "5")
        return web.Response(text=done.stdout, status=200 if done.returncode == 0 else 500)

    async def _recorder(self, request: web.Request) -> web.Response:
        """A token as LiveKit's recorder has one for a page of a room."""
        livekit = self.system.livekit
        grants = {"roomJoin": True, "room": request.query["room"], "canSubscribe": True, "canPublish": False,
                  "canPublishData": False, "hidden": True, "recorder": True}  # fmt: skip
        claims = {"iss": livekit.key, "sub": "EG_recorder", "exp": int(time.time()) + 3600, "video": grants}
        return web.Response(text=sign_token(claims, livekit.secret))

    async def _recordings(self, request: web.Request) -> web.Response:
        self.system.livekit.egress.mode = request.query["become"]
        return web.Response(text=request.query["become"])

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path == "/rtc" or path.startswith(("/rtc/", "/stand-in/")):
            target = f"{self.system.livekit.url}{request.raw_path}"
            return await (self._socket if "upgrade" in request.headers else self._hand_on)(request, target)
        if path.startswith(("/api/", "/health/")):
            return await self._hand_on(request, f"http://127.0.0.1:{self.system.api_port}{request.raw_path}")
        return self._file(path)

    def _file(self, path: str) -> web.StreamResponse:
        export = self.system.export
        if path.startswith("/join/"):
            return web.FileResponse(export / "join.html")
        for candidate in (path, path + ".html", path + "/index.html"):
            file = (export / candidate.strip("/")).resolve()
            if file.is_file() and file.is_relative_to(export.resolve()):
                return web.FileResponse(file)
        return web.FileResponse(export / "404.html", status=404)

    async def _hand_on(self, request: web.Request, target: str) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        headers |= {"Host": request.host, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"}
        body = await request.read()
        for _ in range(300):
            try:
                answer = await self.session.request(request.method, target, headers=headers, data=body, allow_redirects=False)
                break
            except ClientConnectionError:
                await asyncio.sleep(0.1)
        else:
            return web.Response(status=502)
        keep = [(name, value) for name, value in answer.headers.items() if name.lower() not in HOP - {"content-encoding"}]
        async with answer:
            handed = web.StreamResponse(status=answer.status, headers=keep)
            try:
                await handed.prepare(request)
                async for piece in answer.content.iter_any():
                    await handed.write(piece)
            except (ClientConnectionError, ClientPayloadError):
                if request.transport:
                    request.transport.close()  # one side broke off, and the other is to see it
            return handed

    async def _socket(self, request: web.Request, target: str) -> web.StreamResponse:
        try:
            upstream = await self.session.ws_connect(target, max_msg_size=0)
        except Exception as error:
            return web.Response(status=getattr(error, "status", 502))
        client = web.WebSocketResponse(max_msg_size=0)
        await client.prepare(request)

        async def pump(source, sink):
            async for message in source:
                await (sink.send_bytes if message.type == WSMsgType.BINARY else sink.send_str)(message.data)
            await sink.close()

        await asyncio.wait([asyncio.ensure_future(pump(client, upstream)), asyncio.ensure_future(pump(upstream, client))])
        return client


async def main():
    port = int(require("BROWSER_TEST_PORT"))
    system = System(port)
    front = Front(system)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    system.services.administer(f'CREATE DATABASE "{system.database}"')
    try:
        await asyncio.to_thread(system.start)
        await front.serve(port)
        await ended.wait()
        await front.close()
    finally:
        await asyncio.to_thread(system.stop)


if __name__ == "__main__":
    asyncio.run(main())
