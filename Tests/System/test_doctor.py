"""`livekit-conference doctor`: each thing broken in turn, and the check's own id says so and what to do."""

import datetime
import json
import os
import shutil
import socket
import ssl
import stat
import subprocess
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from own_services import OwnRedis
from server import free_port

SERVICES = ["database", "redis", "storage", "livekit", "backend", "clocks.agree"]


@pytest.fixture
def server(make_server, livekit):
    server = make_server()
    server.migrate_and_seed()
    livekit.webhooks.url = f"{server.url}/webhooks/livekit"
    return server.start()


def doctor(server, *only: str, **options) -> tuple[int, dict]:
    """The exit status, and what each check has found."""
    arguments = [word for name in only for word in ("--only", name)]
    done = server.run("doctor", "--json", *arguments, timeout=120, **options)
    assert done.stdout, done.stderr
    document = json.loads(done.stdout)
    outcomes = [check["outcome"] for check in document["checks"]]
    assert document["counts"] == {name: outcomes.count(name) for name in ("pass", "warn", "fail", "unknown", "skip")}
    assert done.returncode == (1 if "fail" in outcomes else 77 if "unknown" in outcomes else 0)
    for check in document["checks"]:
        assert ("remedy" in check) or check["outcome"] in ("pass", "skip", "unknown"), check
        assert check["reason"], check
    return done.returncode, {check["id"]: check for check in document["checks"]}


def failed(server, check: str, *only: str) -> dict:
    """What the one check has found that failed."""
    status, checks = doctor(server, *(only or (check,)))
    assert status == 1 and checks[check]["outcome"] == "fail" and checks[check]["remedy"], checks
    return checks[check]


def test_a_system_that_works_passes_and_is_as_it_was(server, services, database, bucket):
    def state():
        with psycopg.connect(services.url_of_database(database)) as connection:
            rows = connection.execute("SELECT (SELECT count(*) FROM webhook_inbox), (SELECT count(*) FROM audit_log)").fetchone()
        return rows, services.s3().list_objects_v2(Bucket=bucket).get("Contents", [])

    before = state()
    status, checks = doctor(server, *SERVICES)
    bad = {name: check for name, check in checks.items() if check["outcome"] not in ("pass", "warn")}
    # The test's Redis keeps nothing, on purpose.
    assert set(bad) <= {"redis.persistence"}, bad
    assert state() == before


def test_people_read_aligned_lines_without_colours(server):
    done = server.run("doctor", "--only", "database", "--only", "livekit", timeout=120)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and "\x1b" not in done.stdout + done.stderr, done.stdout + done.stderr
    assert lines[-1].startswith("7 passed") or "with a warning" in lines[-1]
    assert [line.split()[1] for line in lines if line.startswith(("pass ", "warn "))][:2] == ["database.connection", "database.version"]
    assert len({line.index(line.split()[1]) for line in lines if line.startswith("pass ")}) == 1


def test_on_a_terminal_there_are_colours_and_progress(server):
    server.write_environment()
    leader, follower = os.openpty()
    process = subprocess.Popen(
        [server.binary, "doctor", "--only", "database", "--env-file", str(server.env_file)],
        stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, env=server.plain_environment())
    os.close(follower)
    text = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # EIO: nobody has the other side any more
            break
        text += piece
    os.close(leader)
    assert process.wait(60) == 0
    assert b"\x1b[32mpass" in text and b"waiting for database.connection" in text


def test_a_database_that_is_away_is_named_once_and_the_rest_unknown(server):
    server.environment["DATABASE_URL"] = "postgresql://somebody:hushhush@127.0.0.1:1/nowhere"
    status, checks = doctor(server, "database", "redis.connection")
    assert status == 1 and checks["database.connection"]["outcome"] == "fail"
    assert {checks[f"database.{name}"]["outcome"] for name in ("version", "migrations", "rights", "connections")} == {"unknown"}
    assert checks["redis.connection"]["outcome"] == "pass"
    assert "hushhush" not in json.dumps(checks)


def test_migrations_that_are_behind_are_named(server, tmp_path):
    folder = Path(shutil.copytree(server.environment["MIGRATIONS_DIR"], tmp_path / "migrations"))
    number = len(list(folder.glob("*.sql"))) + 1
    (folder / f"{number:04}_add_something.sql").write_text("SELECT 1;\n")
    server.environment["MIGRATIONS_DIR"] = str(folder)
    found = failed(server, "database.migrations")
    assert f"{number:04}_add_something.sql" in found["reason"] and "migrate" in found["remedy"]


def test_a_role_without_rights_is_named_with_the_grant(server, services, database):
    role = f"{database}_reader"
    url = services.url_of_database(database)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'reader'")
        connection.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{role}"')
    try:
        host = psycopg.conninfo.conninfo_to_dict(url)
        server.environment["DATABASE_URL"] = f"postgresql://{role}:reader@{host['host']}:{host['port']}/{database}"
        found = failed(server, "database.rights")
        assert "accounts" in found["reason"] and role in found["remedy"]
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP OWNED BY "{role}"')
            connection.execute(f'DROP ROLE "{role}"')


@pytest.fixture
def own_redis(services):
    own = OwnRedis(services.redis_server)
    try:
        own.start()
        yield own
    finally:
        own.remove()


def test_a_redis_that_keeps_nothing_is_named(server, own_redis):
    server.environment["REDIS_URL"] = own_redis.url
    _, checks = doctor(server, "redis")
    assert checks["redis.persistence"]["outcome"] == "pass" and checks["redis.memory"]["outcome"] == "warn"
    with redis.Redis.from_url(own_redis.url) as client:
        client.config_set("appendonly", "no")
        client.config_set("maxmemory", "64mb")
        client.config_set("maxmemory-policy", "allkeys-lru")
    assert "appendonly" in failed(server, "redis.persistence")["remedy"]
    assert "volatile-lru" in failed(server, "redis.memory")["remedy"]
    server.environment["REDIS_URL"] = own_redis.url.replace(own_redis.password, "hushhush")
    found = failed(server, "redis.connection", "redis")
    assert "hushhush" not in json.dumps(found)


def test_a_storage_that_is_away_is_named(server):
    server.environment["S3_ENDPOINT"] = "http://127.0.0.1:1"
    for check in ("storage.bucket", "storage.objects", "storage.recordings"):
        failed(server, check, "storage")


def test_a_bucket_that_is_not_there_is_named(server):
    server.environment["S3_BUCKET"] = "no-such-bucket-here"
    assert "S3_BUCKET" in failed(server, "storage.bucket", "storage")["remedy"]


class RefusingStorage(BaseHTTPRequestHandler):
    """Answers as S3 does to a signature by another key; LocalStack looks at those of presigned URLs only."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        text = b"<Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match.</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_HEAD = do_GET = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


def test_a_storage_key_that_is_wrong_is_named(server):
    with ThreadingHTTPServer(("127.0.0.1", 0), RefusingStorage) as storage:
        threading.Thread(target=storage.serve_forever, daemon=True).start()
        server.environment |= {"S3_ENDPOINT": f"http://127.0.0.1:{storage.server_address[1]}", "S3_SECRET_KEY": "hushhush"}
        status, checks = doctor(server, "storage")
        storage.shutdown()
    assert status == 1 and {check["outcome"] for check in checks.values()} == {"fail"}
    assert "S3_SECRET_KEY" in checks["storage.bucket"]["remedy"]
    assert "SignatureDoesNotMatch" in checks["storage.recordings"]["reason"] and "hushhush" not in json.dumps(checks)


def test_a_livekit_key_that_is_wrong_is_named_in_both_directions(server, livekit):
    server.environment["LIVEKIT_API_SECRET"] = "another secret than both others have it"
    status, checks = doctor(server, "livekit")
    assert status == 1
    assert checks["livekit.keys"]["outcome"] == "fail" and "refuses" in checks["livekit.keys"]["reason"]
    assert checks["livekit.webhook"]["outcome"] == "fail" and "restart" in checks["livekit.webhook"]["remedy"]


def test_an_api_that_does_not_run_is_named(server):
    server.stop()
    status, checks = doctor(server, "backend", "livekit.webhook", "ports.listening")
    assert status == 1 and checks["backend.health"]["outcome"] == checks["ports.listening"]["outcome"] == "fail"
    assert checks["livekit.webhook"]["outcome"] == "unknown"


def test_a_port_that_another_holds_is_named_with_its_holder(server):
    _, checks = doctor(server, "ports.held", "ports.listening")
    assert {check["outcome"] for check in checks.values()} == {"pass"}, checks
    with socket.create_server(("127.0.0.1", 0)) as other:
        server.environment["LISTEN"] = "127.0.0.1:%d" % other.getsockname()[1]
        found = failed(server, "ports.held")
    assert "python" in found["reason"] and f"process {os.getpid()}" in found["reason"]


def test_a_wrong_configuration_is_told_and_the_rest_still_seen(server):
    server.environment |= {"S3_BUCKET": "No_Good_Name", "LOG_LEVEL": "loud"}
    status, checks = doctor(server, "configuration.settings", "storage", "database.connection")
    assert status == 1 and checks["database.connection"]["outcome"] == "pass"
    assert "S3_BUCKET" in checks["configuration.settings"]["reason"] and "LOG_LEVEL" in checks["configuration.settings"]["reason"]
    assert {checks[f"storage.{name}"]["outcome"] for name in ("bucket", "objects", "recordings")} == {"unknown"}


def test_a_file_with_secrets_that_others_can_read_is_named(server):
    server.write_environment()
    server.env_file.chmod(0o644)
    _, checks = doctor(server, "configuration.secrets")
    assert checks["configuration.secrets"]["outcome"] == "warn" and "chmod 600" in checks["configuration.secrets"]["remedy"]


def certificate(folder: Path, days: int) -> Path:
    """Of 90 days, of which so many are left, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.timezone.utc)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    end = now + datetime.timedelta(days=days)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(end - datetime.timedelta(days=90)).not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256()))
    file = folder / f"{days}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + signed.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def tls_server(tmp_path):
    """serve(days) -> the port of a server whose certificate ends then; it does handshakes and nothing else."""
    listeners = []

    def serve(days: int) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(tmp_path, days))
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def answer():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:  # closed at the end of the test
                    return
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    connection.close()  # the client has refused the certificate

        threading.Thread(target=answer, daemon=True).start()
        return listener.getsockname()[1]

    yield serve
    for listener in listeners:
        listener.close()


def test_a_certificate_that_nobody_trusts_or_that_ends_soon_is_named(server, tls_server):
    server.environment["PUBLIC_URL"] = f"https://localhost:{tls_server(80)}"
    assert "PROXY_CERTIFICATES" in failed(server, "certificate.public")["remedy"]
    server.environment["PROXY_CERTIFICATES"] = "internal"
    _, checks = doctor(server, "certificate.public")
    assert checks["certificate.public"]["outcome"] == "pass" and "79." in checks["certificate.public"]["reason"], checks
    server.environment["PUBLIC_URL"] = f"https://127.0.0.1:{tls_server(80)}"
    assert "not for 127.0.0.1" in failed(server, "certificate.public")["reason"]
    for days, outcome in ((15, "warn"), (3, "fail"), (-1, "fail")):
        server.environment["PUBLIC_URL"] = f"https://localhost:{tls_server(days)}"
        _, checks = doctor(server, "certificate.public")
        assert checks["certificate.public"]["outcome"] == outcome and "renew" in checks["certificate.public"]["remedy"], checks
    server.environment["PUBLIC_URL"] = f"https://localhost:{free_port()}"
    assert "No connection" in failed(server, "certificate.public")["reason"]


def in_namespace(server, script: str) -> dict:
    """What the checks of the disk say in a mount namespace that the script has prepared."""
    server.write_environment()
    command = f'{script}; exec "{server.binary}" doctor --json --only disk --env-file "{server.env_file}"'
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "bash", "-ec", command],
        capture_output=True, text=True, timeout=120, env=server.plain_environment())
    assert done.stdout, done.stderr
    return {check["id"]: check for check in json.loads(done.stdout)["checks"]}


def test_a_full_disk_is_named(server):
    full = in_namespace(
        server, "mount -t tmpfs -o size=2m,nr_inodes=100 tmpfs /var/log; head -c 2080000 /dev/zero >/var/log/full")
    assert full["disk.space"]["outcome"] == "fail" and "/var/log" in full["disk.space"]["reason"], full
    crowded = in_namespace(
        server, "mount -t tmpfs -o size=2m,nr_inodes=100 tmpfs /var/log; cd /var/log; touch $(seq 98)")
    assert crowded["disk.inodes"]["outcome"] == "fail" and "/var/log" in crowded["disk.inodes"]["reason"], crowded


def test_without_roots_rights_it_says_what_it_could_not_see(server):
    server.write_environment()
    if os.geteuid() != 0:
        pytest.fail("the system tests run as root")
    file = Path("/tmp") / f"doctor-{os.getpid()}.env"
    try:
        shutil.copy(server.env_file, file)
        file.chmod(0o644)
        done = subprocess.run(
            [server.binary, "doctor", "--json", "--only", "ports.held", "--only", "firewall", "--env-file", str(file)],
            capture_output=True, text=True, timeout=120, env=server.plain_environment(), user=65534, group=65534,
            extra_groups=[], cwd="/")
    finally:
        file.unlink()
    checks = {check["id"]: check for check in json.loads(done.stdout)["checks"]}
    assert done.returncode == 77 and {check["outcome"] for check in checks.values()} == {"unknown"}, checks
    assert checks["ports.held"]["remedy"] == "Run it as root."


def test_a_support_bundle_has_the_report_and_no_secret(server, tmp_path):
    file = tmp_path / "bundle.tar"
    arguments = ["doctor", "--only", "configuration", "--only", "livekit", "--support-bundle", "--output", str(file)]
    done = server.run(*arguments, timeout=120)
    assert done.returncode == 0 and str(file) in done.stderr, done.stdout + done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as archive:
        texts = {member.name: archive.extractfile(member).read().decode() for member in archive.getmembers()}
    report = json.loads(texts["livekit-conference-support/report.json"])
    assert {check["id"] for check in report["checks"]} >= {"configuration.settings", "livekit.keys"}
    configuration = texts["livekit-conference-support/configuration.txt"]
    assert "LIVEKIT_API_SECRET=(set)" in configuration and f"S3_BUCKET={server.environment['S3_BUCKET']}" in configuration
    assert "livekit-conference-support/machine-proc-meminfo.txt" in texts
    for name in ("LIVEKIT_API_SECRET", "SESSION_SECRET", "DATABASE_URL", "REDIS_URL"):
        assert server.environment[name] not in "".join(texts.values()), name
    again = server.run(*arguments, timeout=120)
    assert again.returncode == 1 and "File exists" in again.stderr, again.stderr


@pytest.mark.parametrize("arguments", [("--only", "nothing"), ("--skip", "databas"), ("stray",), ("--output", "x")])
def test_a_wrong_command_line_is_refused(server, arguments):
    done = server.run("doctor", *arguments)
    assert done.returncode == 64 and not done.stdout and "Try: livekit-conference doctor --help" in done.stderr
