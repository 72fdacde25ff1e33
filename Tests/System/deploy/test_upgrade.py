"""Upgrades over SSH: those that are well stay, those that aren't go back by themselves, with the data."""

import json
import re
import shutil
import subprocess
import threading
from pathlib import Path

import httpx
import pytest

from administrator import Administrator
from operator_account import ADMINISTRATOR, PASSWORD
from steady_load import SteadyLoad

PROGRAM = "usr/bin/livekit-conference"


class Versions:
    """Folders with packages: what is installed, and later versions of the program made from it."""

    def __init__(self, folder: Path, packages: Path):
        self.folder, self.packages = folder, packages
        self.original = next(packages.glob("livekit-conference_*.deb"))

    def make(self, name: str, change) -> Path:
        """A folder with version +NAME of the program, on whose unpacked tree CHANGE was called."""
        tree, target = self.folder / f"{name}.tree", self.folder / name
        target.mkdir()
        for package in self.packages.glob("*.deb"):
            if package != self.original:
                (target / package.name).symlink_to(package)
        subprocess.run(["dpkg-deb", "--raw-extract", self.original, tree], check=True)
        change(tree)
        control = tree / "DEBIAN/control"
        version = re.search(r"^Version: (.+)$", control.read_text(), re.MULTILINE)[1]
        control.write_text(control.read_text().replace(f"Version: {version}\n", f"Version: {version}.{name}\n"))
        (tree / "DEBIAN/md5sums").unlink()
        architecture = self.original.stem.rsplit("_", 1)[1]
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree,
                        target / f"livekit-conference_{version}.{name}_{architecture}.deb"], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(tree)
        return target


class Meetings:
    """Someone who makes one meeting after the other."""

    def __init__(self, administrator: Administrator):
        self.administrator, self.made, self.refused = administrator, 0, []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._make)

    def __enter__(self) -> "Meetings":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.ended.set()
        self.thread.join()

    def _make(self) -> None:
        while not self.ended.is_set():
            try:
                answer = self.administrator.post("/api/v1/meetings", {"title": f"Under load {self.made}"})
            except httpx.HTTPError as error:
                self.refused.append(repr(error))
                continue
            if answer.status_code == 201:
                self.made += 1
            else:
                self.refused.append(answer.text)


def add_migration(tree: Path, compatible: bool, statement: str) -> None:
    migrations = tree / "usr/share/livekit-conference/migrations"
    newest = len(list(migrations.glob("*.sql")))
    promise = f"-- compatible-from: {newest}\n" if compatible else ""
    (migrations / f"{newest + 1:04}_add_colour.sql").write_text(f"{promise}{statement}\n")


def wrap_program(tree: Path, script: str) -> None:
    """Puts a shell script before the program, which is then "$program"."""
    program = tree / PROGRAM
    program.rename(tree / "usr/lib/livekit-conference/real-program")
    program.write_text(f"#!/bin/bash\nprogram=/usr/lib/livekit-conference/real-program\n{script}\nexec $program \"$@\"\n")
    program.chmod(0o755)


@pytest.fixture(scope="module")
def versions(setting, tmp_path_factory) -> Versions:
    return Versions(tmp_path_factory.mktemp("versions"), setting.packages)


@pytest.fixture(scope="module")
def session(bare, operator):
    """session(METHOD, PATH, BODY) asks the API as the administrator."""
    operator.run("deploy", *operator.first_options)
    # Beside it other tests may have set this.
    cookie = "--cookie /root/cookies --cookie-jar /root/cookies --header 'Origin: https://meet.test'"

    def ask(method: str, path: str, body: dict | None = None) -> dict:
        data = f"--json @- <<'B'\n{json.dumps(body)}\nB" if body is not None else ""
        text = bare.run(f"curl --silent --fail-with-body --insecure --resolve meet.test:443:127.0.0.1 {cookie} --request {method}"
                        f" https://meet.test{path} {data}")
        return json.loads(text) if text else {}

    ask("POST", "/api/v1/session", {"email": ADMINISTRATOR, "password": PASSWORD})
    return ask


@pytest.fixture(scope="module")
def meeting(session) -> dict:
    return session("POST", "/api/v1/meetings", {"title": "From before the upgrade"})


def version(machine) -> str:
    return machine.run("dpkg-query --show --showformat='${Version}' livekit-conference")


def query(machine, sql: str) -> str:
    return machine.run(f'psql --no-psqlrc -At --dbname=livekit_conference --command="{sql}"', user="postgres")


def still_as_before(machine, session, meeting, before: str) -> None:
    assert version(machine) == before
    assert machine.run("systemctl is-system-running") == "running", machine.run("systemctl --failed")
    assert session("GET", f"/api/v1/meetings/{meeting['id']}")["title"] == meeting["title"]
    session("POST", "/api/v1/meetings", {"title": "Works as before"})


def test_a_program_that_does_not_start_goes_back(bare, operator, versions, session, meeting):
    before = version(bare)
    folder = versions.make("broken", lambda tree: wrap_program(tree, '[[ "$1" != serve ]] || { echo "it can not"; exit 1; }'))
    status, output = operator.try_run("deploy", "--packages", str(folder), START_LIMIT="20")
    assert status == 1 and "the new version is not well; what ran before runs again" in output, output
    assert "not active within 20 s: livekit-conference.service" in output and "it can not" in output
    still_as_before(bare, session, meeting, before)


def test_a_canary_that_fails_goes_back_under_load_over_a_schema_that_the_old_program_serves(bare, operator, versions, session, meeting):
    before = version(bare)

    def change(tree: Path) -> None:
        add_migration(tree, True, "ALTER TABLE meetings ADD COLUMN colour text NOT NULL DEFAULT 'blue';")
        wrap_program(tree, '[[ "$1" != canary ]] || { echo "failed  meeting  no meeting can be made"; exit 1; }')

    administrator = Administrator(bare).sign_in()
    with SteadyLoad([administrator], administrator.make_meeting("Steady")) as load, Meetings(administrator) as meetings:
        bare.wait_until(lambda: load.answered > 20, "there is no load")
        status, output = operator.try_run("deploy", "--packages", str(versions.make("dead", change)))
        answered = load.answered
        bare.wait_until(lambda: load.answered > answered + 20 or load.failures, "nothing is answered any more")
    assert load.failures == [] and meetings.refused == []
    # What was told to be made is there, whichever version said so.
    assert query(bare, "SELECT count(*) FROM meetings WHERE title LIKE 'Under load %'") == str(meetings.made)
    assert meetings.made > 0
    assert status == 1 and "the canary did not come through" in output and "no meeting can be made" in output, output
    assert "the database is as it was" not in output
    assert query(bare, "SELECT count(colour) > 0 FROM meetings") == "t"
    still_as_before(bare, session, meeting, before)
    query(bare, "ALTER TABLE meetings DROP COLUMN colour")
    query(bare, "DELETE FROM schema_migrations WHERE name = 'add_colour'")


def test_a_schema_that_the_old_program_can_not_serve_is_taken_back_with_the_data(bare, operator, versions, session, meeting):
    before = version(bare)

    def change(tree: Path) -> None:
        add_migration(tree, False, "ALTER TABLE meetings RENAME COLUMN title TO name;")

    status, output = operator.try_run("deploy", "--packages", str(versions.make("incompatible", change)), START_LIMIT="20")
    assert status == 1 and "the database is as it was before the upgrade" in output, output
    still_as_before(bare, session, meeting, before)
    aside = re.search(r"what it became stays as (\w+)", output)[1]
    assert aside in bare.run("psql --no-psqlrc -At --list", user="postgres")


def test_a_migration_that_fails_goes_back(bare, operator, versions, session, meeting):
    before = version(bare)
    folder = versions.make("halting", lambda tree: add_migration(tree, True, "ALTER TABLE no_such_table ADD COLUMN colour text;"))
    status, output = operator.try_run("deploy", "--packages", str(folder), START_LIMIT="20")
    assert status == 1 and "what ran before runs again" in output, output
    still_as_before(bare, session, meeting, before)


def test_a_connection_that_is_lost_leaves_no_half_upgrade(bare, operator, versions, session, meeting):
    folder = versions.make("lost", lambda tree: None)
    process = operator.start("deploy", "--packages", str(folder))
    bare.wait_until(lambda: bare.try_run("systemctl is-active livekit-conference-deploy").returncode == 0, "nothing began", 120)
    process.kill()
    process.wait()
    bare.run("systemctl kill --signal=KILL ssh.service && systemctl restart ssh.service")
    bare.wait_until(lambda: bare.try_run("systemctl is-active livekit-conference-deploy").returncode != 0, "it never ended", 120)
    assert version(bare).endswith(".lost")
    still_as_before(bare, session, meeting, version(bare))


def connect(machine, meeting: dict, name: str) -> None:
    """Has someone be in the meeting, as the database knows it."""
    query(machine, f"INSERT INTO participants (meeting_id, role, display_name, admitted_at, seat_held_until, connected_at) VALUES ('{meeting['id']}',"
                   f" 'guest', '{name}', now(), now() + interval '1 hour', now())")


def leave(machine, name: str) -> None:
    query(machine, f"UPDATE participants SET left_at = now() WHERE display_name = '{name}'")


def events(machine, meeting: dict) -> str:
    """The meeting's live events that are kept."""
    return machine.run("REDISCLI_AUTH=$(sed -n 's/^requirepass //p' /etc/redis/livekit-conference.conf) redis-cli --raw"
                       f" XRANGE lkc:events:{meeting['id']} - +")


def test_people_in_meetings_are_told_beforehand(bare, operator, versions, session, meeting):
    connect(bare, meeting, "Bea")
    assert "service.update_announced" not in events(bare, meeting)
    told = operator.start("deploy", "--packages", str(versions.make("told", lambda tree: None)), "--warn", "60")
    lines = []
    for line in told.stdout:
        lines.append(line)
        if "waiting until they have left: From before the upgrade: 1 people" in line:
            assert '"service.update_announced"' in events(bare, meeting) and '"minutes":60' in events(bare, meeting)
            leave(bare, "Bea")
    assert told.wait() == 0 and "everyone in a meeting is told that it comes in 60 min" in "".join(lines), "".join(lines)
    assert version(bare).endswith(".told")


def test_people_in_meetings_are_not_thrown_out_unasked(bare, operator, versions, session, meeting):
    connect(bare, meeting, "Ann")
    folder = versions.make("welcome", lambda tree: None)
    status, output = operator.try_run("deploy", "--packages", str(folder))
    assert status == 1 and "people are in meetings" in output and "From before the upgrade: 1 people" in output, output
    waiting = operator.start("deploy", "--packages", str(folder), "--when-empty")
    lines = []
    for line in waiting.stdout:
        lines.append(line)
        if "waiting until they have left" in line:
            leave(bare, "Ann")
    assert waiting.wait() == 0, "".join(lines)
    assert version(bare).endswith(".welcome")


def test_rollback_goes_back_by_hand_and_once(bare, operator, session, meeting):
    output = operator.run("rollback")
    assert "canary: passed" in output
    still_as_before(bare, session, meeting, version(bare))
    assert version(bare).endswith(".told")
    status, output = operator.try_run("rollback")
    assert status == 1 and "there is nothing to go back to" in output
