"""What has to be true once everything works again."""

import time

import httpx

from faults.dependencies import Postgres
from faults.workload import Written
from server import Server
from stand_in_livekit import LiveKit

DATABASE = "faults"
# For what follows by itself. How long it takes is printed; the bound is wider, since machines are busy.
PATIENCE = 120


class Checker:
    def __init__(self, server: Server, postgres: Postgres, livekit: LiveKit, headers: dict[str, str]):
        self.server, self.postgres, self.livekit = server, postgres, livekit
        self.client = httpx.Client(base_url=server.url, trust_env=False, timeout=60, headers=headers)

    def column(self, statement: str) -> set[str]:
        return {row[0] for row in self.postgres.rows(DATABASE, statement)}

    def _until(self, condition, what: str) -> list[str]:
        """Nothing, or what is still so after all patience."""
        end = time.monotonic() + PATIENCE
        while not (found := condition()) is True:
            if time.monotonic() > end:
                return [f"{what}: {found}"]
            time.sleep(0.2)
        return []

    # What was promised

    def lost(self, written: Written) -> list[str]:
        """Everything that was acknowledged and isn't there."""
        there = {
            "meetings": (written.meetings, "SELECT id::text FROM meetings"),
            "participants": (written.participants, "SELECT id::text FROM participants"),
            "messages": (written.messages, "SELECT id::text FROM messages"),
            "recordings": (written.recordings, "SELECT id::text FROM recordings"),
            "ends": (written.ended, "SELECT id::text FROM meetings WHERE state = 'ended'"),
        }
        problems = []
        for name, (promised, statement) in there.items():
            if missing := promised - self.column(statement):
                problems.append(f"{len(missing)} acknowledged {name} of {len(promised)} are lost, such as {min(missing)}")
        stored = {(board, element): version for board, element, version in self.postgres.rows(
            DATABASE, "SELECT whiteboard_id::text, element_id, version FROM whiteboard_elements")}  # fmt: skip
        drawn = [key for key, version in written.elements.items() if stored.get(key, 0) < version]
        if drawn:
            problems.append(f"{len(drawn)} acknowledged elements of {len(written.elements)} are lost or older, such as {drawn[0]}")
        titles = dict(self.postgres.rows(DATABASE, "SELECT id::text, title FROM meetings"))
        for meeting, (taken, tried) in written.titles.items():
            if titles.get(meeting) not in (taken, *tried):
                problems.append(f"meeting {meeting} is called {titles.get(meeting)!r}, not {taken!r}")
        return problems

    # What has to come to its end

    def unsettled(self, meetings: set[str]) -> list[str]:
        """Counts are those of the media server; then everything is ended, and ends."""
        problems = self._until(lambda: self._people_differ(meetings) or True, "who is connected differs from the media server's word")
        for meeting in meetings - self.column("SELECT id::text FROM meetings WHERE state = 'ended'"):
            answer = self.client.post(f"/api/v1/meetings/{meeting}/end")
            if answer.status_code != 200:
                problems.append(f"meeting {meeting} can't be ended: {answer.status_code} {answer.text}")
        problems += self._until(lambda: self._live(meetings) or True, "rooms of ended meetings are still open")
        problems += self._until(lambda: self._waiting_events() or True, "events were not applied")
        return problems

    def _people_differ(self, meetings: set[str]) -> str:
        told: dict[str, set[str]] = {}
        for meeting, person in self.postgres.rows(DATABASE, """
            SELECT s.meeting_id::text, s.participant_id::text FROM participant_sessions s
            JOIN participants p ON p.id = s.participant_id
            WHERE s.left_at IS NULL AND s.connected_at IS NOT NULL AND p.left_at IS NULL
        """):  # fmt: skip
            told.setdefault(meeting, set()).add(person)
        with self.livekit._lock:
            true = {room: set(people) for room, people in self.livekit.people.items() if people}
        wrong = [meeting for meeting in meetings if told.get(meeting, set()) != true.get(meeting, set())]
        if not wrong:
            return ""
        one = wrong[0]
        return f"{len(wrong)} meetings, such as {one}: {len(told.get(one, ()))} in the database, {len(true.get(one, ()))} in the room"

    def _live(self, meetings: set[str]) -> str:
        with self.livekit._lock:
            rooms = set(self.livekit.rooms) & meetings
        return f"{len(rooms)}, such as {min(rooms)}" if rooms else ""

    def _waiting_events(self) -> str:
        rows = self.postgres.rows(DATABASE, "SELECT id, event, attempts, last_error FROM webhook_inbox WHERE applied_at IS NULL LIMIT 5")
        return str(rows) if rows else ""

    def unfinished_recordings(self, patience: float) -> list[str]:
        """Recordings end as ready or failed, each failure with its reason."""
        end = time.monotonic() + patience
        while True:
            rows = self.postgres.rows(
                DATABASE, """
                SELECT id::text, state, egress_status, start_attempts, stop_requested_at IS NOT NULL AS stopping, now() - state_since,
                    check_at - now()
                FROM recordings WHERE state NOT IN ('ready', 'failed')
                """)  # fmt: skip
            if not rows:
                return []
            if time.monotonic() > end:
                return [f"{len(rows)} recordings never ended, such as {[str(value) for value in rows[0]]}"]
            time.sleep(0.5)
