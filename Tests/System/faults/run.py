"""Breaks what the server depends on, under load, and looks whether everything it promised holds.

A schedule is a seed: which services break, how, when and for how long. For each one a report line; a violation names the
seed, and `--seed N --schedules 1` plays it again. Needs root (network namespaces), a C compiler, iproute2 and iptables; run by
`ansible-free-scripts/test --only faults`, which sets the variables TEST_* and LIVEKIT_CONFERENCE_BIN.
"""

import argparse
import os
import random
import re
import secrets
import signal
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conftest import ROOT
from faults.check import DATABASE, Checker
from faults.dependencies import DNS, Clock, Database, Itself, MediaServer, Postgres, Recorder, Redis, Storage, bucket_name
from faults.network import Network, run
from faults.workload import Workload, Written, is_acceptable
from load import UNLIMITED, sign_in
from own_services import OwnS3
from server import Server, free_port, wait_until
from services import require
from stand_in_egress import Storage as Bucket
from stand_in_livekit import LiveKit

KINDS = ("create", "join", "message", "draw", "rename", "end")
RECOVERY_BOUND = 90
# The limits of a recording's states (`RecordingLimits`) and the clock's step together.
RECORDING_BOUND = 700
MEGABYTE = 1 << 20


class System:
    """Everything, running."""

    def __init__(self, stack: ExitStack):
        self.postgres = self._service(stack, Postgres(require("TEST_POSTGRES_BIN")))
        self.redis = self._service(stack, Redis(require("TEST_REDIS_SERVER")))
        self.s3 = self._service(stack, OwnS3(require("TEST_S3_KIND"), require("TEST_S3_PYTHON")))
        keys, bucket = (require("TEST_S3_ACCESS_KEY"), require("TEST_S3_SECRET_KEY")), bucket_name()
        self.livekit = LiveKit("testkey", secrets.token_hex(32), storage=Bucket(self.s3.endpoint, bucket, *keys)).start()
        stack.callback(self.livekit.stop)
        ports = {"postgres": self.postgres.port, "redis": self.redis.port, "storage": self.s3.port,
                 "livekit": int(self.livekit.url.rsplit(":", 1)[1])}  # fmt: skip
        self.network = Network(ports)
        stack.callback(self.network.remove)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lkc-faults-")))
        self.clock_file = folder / "clock"
        self.server = Server(str(self._program(folder)), folder, self._settings(bucket, keys))
        storage = Storage(self.network, self.s3, bucket, *keys)
        storage.make_bucket()
        self.dependencies = {
            "postgres": Database("postgres", self.network, self.postgres), "redis": Database("redis", self.network, self.redis),
            "storage": storage, "livekit": MediaServer(self.network, self.livekit), "recorder": Recorder(self.livekit),
            "dns": DNS(self.network), "clock": Clock(self.clock_file), "server": Itself(self.server),
        }  # fmt: skip
        self.server.migrate_and_seed().start()
        stack.callback(self.server.stop)
        self.livekit.webhooks.url = f"{self.server.url}/webhooks/livekit"
        self.cookie = sign_in(self.server)
        self.checker = Checker(self.server, self.postgres, self.livekit, {"Cookie": self.cookie})

    @staticmethod
    def _service(stack: ExitStack, service):
        stack.callback(service.remove)
        service.start()
        return service

    def _program(self, folder: Path) -> Path:
        """The program in the namespace, with a wall clock that can be set. `ip` becomes it, so its process id is the program's."""
        library = folder / "clock.so"
        run("cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(Path(__file__).with_name("clock.c")))
        program = folder / "livekit-conference"
        program.write_text(f"""#!/bin/sh
exec ip netns exec {self.network.namespace.name} env LD_PRELOAD={library} FAULT_CLOCK={self.clock_file} \
{require("LIVEKIT_CONFERENCE_BIN")} "$@"
""")
        program.chmod(0o755)
        return program

    def _settings(self, bucket: str, keys: tuple[str, str]) -> dict[str, str]:
        at, port = self.network.address, free_port()
        inside = f"{self.network.namespace.inside}:{port}"
        return {
            "APP_ENV": "local", "LISTEN": inside, "PUBLIC_URL": f"http://{inside}", "FRONTEND_URL": "http://localhost:3000",
            "MIGRATIONS_DIR": str(ROOT / "migrations"), "DATABASE_URL": f"postgresql://tests@{at('postgres')}/{DATABASE}",
            "REDIS_URL": f"redis://default:{self.redis.password}@{at('redis')}/0", "S3_ENDPOINT": f"http://{at('storage')}",
            "S3_ACCESS_KEY": keys[0], "S3_SECRET_KEY": keys[1], "S3_BUCKET": bucket, "S3_REGION": "us-east-1",
            "LIVEKIT_URL": f"http://{at('livekit')}", "LIVEKIT_PUBLIC_URL": "ws://localhost:7880",
            "LIVEKIT_API_KEY": self.livekit.key, "LIVEKIT_API_SECRET": self.livekit.secret,
            "SESSION_SECRET": secrets.token_hex(32), "RECONCILE_INTERVAL": "1s", "EGRESS_CPUS": "64",
            "HTTP_MAX_CONNECTIONS_PER_ADDRESS": "1000", **UNLIMITED,
        }  # fmt: skip

    def memory(self) -> int:
        return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.server.pid}/status").read_text())[1]) * 1024


class Pulse:
    """Asks all the time whether the server lives; it has to say so whatever else is broken."""

    def __init__(self, server: Server):
        self.server, self.slowest, self.failures = server, 0.0, []
        # While the server itself is broken nothing is asked of it.
        self.rests = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        self._thread.join(60)

    def _run(self):
        with self.server.client(timeout=20) as client:
            while not self._ended.wait(0.1):
                if self.rests:
                    continue
                began = time.monotonic()
                try:
                    status = client.get("/health/live").status_code
                except Exception as error:
                    status = repr(error)
                if status != 200 and not self.rests:
                    self.failures.append(f"/health/live: {status}")
                self.slowest = max(self.slowest, time.monotonic() - began)


class Schedule:
    """One or two faults, one of them within the other or after it."""

    def __init__(self, seed: int, dependencies: dict):
        chance = random.Random(seed)
        self.seed, self.steps = seed, []
        # Every fault is as likely as any other, whatever has few.
        every = [(name, fault) for name in dependencies for fault in dependencies[name].faults]
        chosen = {}
        for name, fault in chance.sample(every, 2 if chance.random() < 0.35 else 1):
            chosen.setdefault(name, fault)
        for name, fault in chosen.items():
            begin = chance.uniform(0.2, 1.5)
            length = chance.uniform(0.5, 5)
            self.steps += [(begin, "begin", name, fault), (begin + length, "end", name, fault)]
        self.steps.sort()
        self.faults = sorted({(name, fault) for _, _, name, fault in self.steps})

    @property
    def breaks_server(self) -> bool:
        return any(name == "server" for name, _ in self.faults)

    def __str__(self) -> str:
        parts = []
        for name, fault in self.faults:
            begin, end = (moment for moment, _, other, what in self.steps if (other, what) == (name, fault))
            parts.append(f"{name} {fault.replace('_', ' ')} {begin:.1f}-{end:.1f} s")
        return ", ".join(parts)


class Run:
    """One schedule played, with what came of it."""

    def __init__(self, system: System, schedule: Schedule):
        self.system, self.schedule = system, schedule
        self.problems: list[str] = []
        self.recovery = 0.0
        self.slowest = 0.0
        self.requests = self.refused = 0
        self.written = Written()

    def play(self):
        system = self.system
        load = Workload(system.server.url, system.cookie, system.livekit, self.schedule.seed)
        with Pulse(system.server) as pulse:
            load.start()
            try:
                wait_until(lambda: any(o.succeeded for o in load.since(0)), 60, "nothing succeeds before anything is broken")
                mended = self._break(pulse)
                self._await_recovery(load, mended)
            finally:
                load.stop()
        self.slowest, self.written = pulse.slowest, load.written
        self.requests, self.refused = len(load.outcomes), sum(not outcome.succeeded for outcome in load.outcomes)
        self.problems += pulse.failures[:3]
        if not self.schedule.breaks_server:
            wrong = [o for o in load.outcomes if not is_acceptable(o.answer)]
            self.problems += [f"{o.kind}: {o.error or o.answer}" for o in wrong[:3]]
        if not system.server.is_running():
            self.problems.append("the server has ended")
            system.server.start()
        self.problems += system.checker.lost(load.written)
        self.problems += system.checker.unsettled(load.written.meetings)

    def _break(self, pulse: Pulse) -> float:
        """Plays the steps; the moment after the last one."""
        began = time.monotonic()
        running = []
        try:
            for moment, action, name, fault in self.schedule.steps:
                time.sleep(max(0, began + moment - time.monotonic()))
                pulse.rests = pulse.rests or name == "server"
                if action == "begin":
                    running.append((name, fault))
                    self.system.dependencies[name].begin(fault)
                else:
                    running.remove((name, fault))
                    self.system.dependencies[name].end(fault)
        finally:
            for name, fault in running:
                self.system.dependencies[name].end(fault)
        mended = time.monotonic()
        self.system.server.wait_ready(RECOVERY_BOUND)
        pulse.rests = False
        return mended

    def _await_recovery(self, load: Workload, mended: float):
        """Until each kind of request that was begun afterwards has succeeded."""

        def missing() -> set[str]:
            return set(KINDS) - {outcome.kind for outcome in load.since(mended) if outcome.succeeded}

        end = mended + RECOVERY_BOUND
        while missing():
            if time.monotonic() > end:
                return self.problems.append(f"no success of {sorted(missing())} {RECOVERY_BOUND} s after everything was mended")
            time.sleep(0.02)
        failed = [outcome.ended for outcome in load.outcomes if not outcome.succeeded]
        self.recovery = max(0.0, max(failed, default=mended) - mended)

    def line(self) -> str:
        verdict = "VIOLATED" if self.problems else "holds"
        return (f"{self.schedule.seed:>10}  {verdict}  recovery {self.recovery:5.2f} s  live {self.slowest:4.2f} s  "
                f"{self.requests:5} requests, {self.refused:4} refused, {self.written.count():5} kept  {self.schedule}")  # fmt: skip


def summary(runs: list[Run]) -> list[str]:
    """How long after everything was mended the last request was refused, by fault."""
    by_fault: dict[tuple[str, str], list[float]] = {}
    for one in runs:
        for fault in one.schedule.faults:
            by_fault.setdefault(fault, []).append(one.recovery)
    lines = ["", "| Fault | Schedules | Recovery: median | longest |", "|---|---|---|---|"]
    for (name, fault), times in sorted(by_fault.items()):
        lines.append(f"| {name}: {fault.replace('_', ' ')} | {len(times)} | {statistics.median(times):.2f} s | {max(times):.2f} s |")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description="Breaks what the server depends on, under load.")
    parser.add_argument("--schedules", type=int, default=int(os.environ.get("FAULT_SCHEDULES", "12")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("FAULT_SEED", random.randrange(1_000_000))))
    options = parser.parse_args()
    print(f"{options.schedules} schedules from --seed {options.seed}", flush=True)
    # As at the end: nothing that was started stays.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    runs: list[Run] = []
    problems: list[str] = []
    with ExitStack() as stack:
        system = System(stack)
        memory = system.memory()
        for number in range(options.schedules):
            one = Run(system, Schedule(options.seed + number, system.dependencies))
            runs.append(one)
            try:
                one.play()
            except Exception as error:
                one.problems.append(repr(error))
            print(one.line(), flush=True)
            for problem in one.problems:
                print(f"            {problem}", flush=True)
            # After the first ones everything that is kept for good is there.
            if number == min(3, options.schedules // 4):
                memory = system.memory()
        problems += system.checker.unfinished_recordings(RECORDING_BOUND)
        for one in runs:
            problems += [f"seed {one.schedule.seed}, at the end: {problem}" for problem in system.checker.lost(one.written)]
        grown = system.memory() - memory
        if grown > 64 * MEGABYTE:
            problems.append(f"memory grew by {grown / MEGABYTE:.0f} MB")
        states = system.postgres.rows(DATABASE, "SELECT state, count(*) FROM recordings GROUP BY 1 ORDER BY 1")
        print("\n".join(summary(runs)))
        print(f"\nrecordings: {dict(states)}; memory: grew by {grown / MEGABYTE:.1f} MB to {system.memory() / MEGABYTE:.0f} MB")
        log = os.environ.get("FAULT_SERVER_LOG")
        if log:
            Path(log).write_text(system.server.log)
    print("\n".join(problems))
    failed = sum(bool(one.problems) for one in runs) + bool(problems)
    requests, kept = sum(one.requests for one in runs), sum(one.written.count() for one in runs)
    print(f"{requests} requests, {sum(one.refused for one in runs)} refused, {kept} acknowledged changes looked for")
    print(f"{sum(not one.problems for one in runs)} schedules hold, {failed} violated")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
