"""`migrate` and `seed` by the command line, against a real PostgreSQL."""

import shutil
import subprocess
from pathlib import Path

import httpx
import psycopg
import pytest

from server import wait_until

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
FILES = sorted(path.name for path in MIGRATIONS.glob("*.sql"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the migrations, which the test may change."""
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))


@pytest.fixture
def server(make_server, folder):
    """Not started; its commands use the folder."""
    return make_server(MIGRATIONS_DIR=str(folder))


@pytest.fixture
def query(services, database):
    def query(statement: str, *parameters) -> list[tuple]:
        with psycopg.connect(services.url_of_database(database), autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    return query


def succeed(done: subprocess.CompletedProcess) -> str:
    assert done.returncode == 0, f"{done.args} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def fail(done: subprocess.CompletedProcess, *parts: str, status: int = 65) -> str:
    """65 is what systemd doesn't try again."""
    message = done.stdout + done.stderr
    assert done.returncode == status, f"ended with {done.returncode}:\n{message}"
    for part in parts:
        assert part in message, f"{part!r} is not in:\n{message}"
    return message


def readiness(server) -> int:
    try:
        return httpx.get(server.url + "/health/ready", timeout=2, trust_env=False).status_code
    except httpx.HTTPError:
        return 0


def test_a_missing_database_is_created_and_the_waiting_server_becomes_ready(server, query):
    server.start(wait=False)
    wait_until(lambda: readiness(server) == 503, 10, "serve does not wait for its database")
    succeed(server.run("migrate"))
    assert query("SELECT count(*) FROM schema_migrations") == [(len(FILES),)]
    assert query("SELECT count(*) FROM meetings") == [(0,)]
    server.wait_ready(10)


def test_a_second_run_changes_nothing(server, query):
    succeed(server.run("migrate"))
    before = query("SELECT * FROM schema_migrations ORDER BY 1")
    succeed(server.run("migrate"))
    assert query("SELECT * FROM schema_migrations ORDER BY 1") == before


def test_status_tells_each_file_and_changes_nothing(server, services, database):
    pending = server.run("migrate", "--status").stdout
    assert [name for name in FILES if name not in pending] == []
    assert pending.count("pending") >= len(FILES)
    with psycopg.connect(services.database_url) as connection:
        assert not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchall()
    succeed(server.run("migrate"))
    applied = succeed(server.run("migrate", "--status"))
    assert [name for name in FILES if name not in applied] == []
    assert applied.count("applied") >= len(FILES) and "pending" not in applied


def test_two_runs_at_once_both_succeed_and_apply_once(server, folder, query):
    (folder / f"{len(FILES) + 1:04}_wait_a_moment.sql").write_text("SELECT pg_sleep(1);\n")
    server.write_environment()
    command = [server.binary, "migrate", "--env-file", str(server.env_file)]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=server.plain_environment())
        for _ in range(2)
    ]
    outputs = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outputs
    assert query("SELECT count(*) FROM schema_migrations") == [(len(FILES) + 1,)]


def test_a_run_killed_in_the_middle_leaves_nothing_half_done(server, services, folder, database, query):
    number = len(FILES) + 1
    slow = folder / f"{number:04}_create_slowly.sql"
    slow.write_text("CREATE TABLE half_done (id integer);\nSELECT pg_sleep(3600);\n")
    activity = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND query LIKE '%%pg_sleep%%' AND state = 'active'"
    server.write_environment()
    run = subprocess.Popen(
        [server.binary, "migrate", "--env-file", str(server.env_file)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=server.plain_environment(),
    )

    def sleeping() -> bool:
        with psycopg.connect(services.database_url) as connection:
            return connection.execute(activity, [database]).fetchone()[0] == 1

    try:
        wait_until(sleeping, 30, "the slow migration did not begin")
    finally:
        run.kill()
        run.wait()
    assert query("SELECT to_regclass('half_done')") == [(None,)]
    assert query("SELECT count(*) FROM schema_migrations") == [(number - 1,)]
    wait_until(lambda: not sleeping(), 30, "the statement of the killed run goes on")
    locks = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND datname = %s"
    wait_until(lambda: query(locks, database) == [(0,)], 30, "the killed run's lock is still held")
    slow.write_text("CREATE TABLE half_done (id integer);\n")
    succeed(server.run("migrate"))
    assert query("SELECT to_regclass('half_done')::text") == [("half_done",)]


def test_a_failing_migration_is_rolled_back_and_named(server, folder, query):
    number = len(FILES) + 1
    (folder / f"{number:04}_create_wrongly.sql").write_text("CREATE TABLE half_done (id integer);\n\nSELECT nonsense;\n")
    fail(server.run("migrate"), f"{number:04}_create_wrongly.sql", "line 3", "rolled back", "nonsense")
    assert query("SELECT to_regclass('half_done')") == [(None,)]


def test_a_file_edited_afterwards_is_refused_by_migrate_and_serve(server, folder):
    succeed(server.run("migrate"))
    edited = folder / FILES[1]
    edited.write_text(edited.read_text() + "\n-- a late thought\n")
    fail(server.run("migrate"), FILES[1], "changed after it had been applied", "new migration")
    fail(server.run("serve", timeout=20), FILES[1], "changed after it had been applied")


def test_a_database_too_new_for_the_program_is_refused(server, folder):
    newer = folder / f"{len(FILES) + 1:04}_drop_something.sql"
    newer.write_text("SELECT 1;\n")
    succeed(server.run("migrate"))
    newer.unlink()
    for command in ("migrate", "serve"):
        fail(server.run(command, timeout=20), f"the database is at migration {len(FILES) + 1}",
             f"knows up to {len(FILES)}", "install a newer program")


def test_a_newer_database_that_the_program_can_serve_is_served(server, folder):
    newer = folder / f"{len(FILES) + 1:04}_add_something.sql"
    newer.write_text(f"-- compatible-from: {len(FILES)}\nSELECT 1;\n")
    succeed(server.run("migrate"))
    newer.unlink()
    assert "unchanged: " in (done := succeed(server.run("migrate"))) and f"at migration {len(FILES) + 1}" in done
    server.start()
    assert newer.name in server.log and "a newer program has migrated the database" in server.log


def test_serve_waits_for_pending_migrations_and_names_them(server, folder):
    succeed(server.run("migrate"))
    pending = f"{len(FILES) + 1:04}_add_something.sql"
    (folder / pending).write_text("SELECT 1;\n")
    server.start(wait=False)
    wait_until(lambda: readiness(server) == 503, 10, "serve does not wait")
    wait_until(lambda: pending in server.log, 10, lambda: f"{pending} is not named in:\n{server.log}")
    succeed(server.run("migrate"))
    server.wait_ready(10)


def test_a_server_that_is_away_is_named_without_its_password(server):
    server.environment["DATABASE_URL"] = "postgresql://somebody:hushhush@127.0.0.1:1/nowhere"
    message = fail(server.run("migrate"), "127.0.0.1", status=1)
    assert "hushhush" not in message


def test_seed_twice_gives_the_same_rows(server, query):
    succeed(server.run("migrate"))
    succeed(server.run("seed"))
    tables = ("accounts", "meetings", "participants")
    before = {table: query(f"SELECT * FROM {table} ORDER BY id") for table in tables}
    assert all(before.values())
    succeed(server.run("seed"))
    assert {table: query(f"SELECT * FROM {table} ORDER BY id") for table in tables} == before


@pytest.mark.parametrize("app_env", ["staging", "production"])
def test_seed_refuses_to_run_outside_of_development(make_server, folder, query, app_env):
    server = make_server(MIGRATIONS_DIR=str(folder))
    succeed(server.run("migrate"))
    server.environment |= {
        "APP_ENV": app_env, "PUBLIC_URL": "https://api.example.org", "FRONTEND_URL": "https://meet.example.org",
        "LIVEKIT_PUBLIC_URL": "wss://livekit.example.org", "S3_ENDPOINT": "https://storage.example.org",
        "S3_ACCESS_KEY": "access", "S3_SECRET_KEY": "Zq8vY2mK4tR7",
    }
    fail(server.run("seed"), app_env, "APP_ENV=local", status=1)
    assert query("SELECT count(*) FROM accounts") == [(0,)]
