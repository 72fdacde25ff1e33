"""Everything that is wrong with the configuration comes out in one run, and `serve` judges like `check-config`."""

import re
import secrets

import pytest

CONFIGURATION_ERROR = 78

PRODUCTION = {
    "APP_ENV": "production",
    "PUBLIC_URL": "https://api.example.org",
    "FRONTEND_URL": "https://meet.example.org",
    "LIVEKIT_PUBLIC_URL": "wss://livekit.example.org",
    "LIVEKIT_API_KEY": "conference-key",
    "S3_ENDPOINT": "https://namespace.compat.objectstorage.eu-frankfurt-1.oraclecloud.com",
    "S3_REGION": "eu-frankfurt-1",
    "S3_ACCESS_KEY": "3f1c5b0e8a7d4c2b9e6f3f1c",
    "S3_SECRET_KEY": secrets.token_urlsafe(32),
    "TRUSTED_PROXIES": "127.0.0.1",
}

REQUIRED_IN_PRODUCTION = {
    "PUBLIC_URL", "FRONTEND_URL", "DATABASE_URL", "REDIS_URL", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_BUCKET",
    "S3_REGION", "LIVEKIT_PUBLIC_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "SESSION_SECRET",
}


def problems(done) -> set[str]:
    """The variables named at the beginning of a line, or after a list mark."""
    return set(re.findall(r"^\W*([A-Z][A-Z0-9_]+) ", done.stdout + done.stderr, re.MULTILINE))


def refused(server) -> tuple[set[str], str]:
    """Both `check-config` and `serve` must refuse, alike; the variables they name, and the message."""
    checked, served = server.run("check-config"), server.run("serve", timeout=20)
    assert (checked.returncode, served.returncode) == (CONFIGURATION_ERROR, CONFIGURATION_ERROR), checked.stderr + served.stderr
    assert problems(checked) == problems(served)
    return problems(checked), checked.stdout + checked.stderr


def test_all_missing_variables_are_named_at_once(make_server):
    server = make_server(**({name: None for name in make_server().environment} | {"APP_ENV": "production"}))
    named, message = refused(server)
    assert REQUIRED_IN_PRODUCTION <= named, message


def test_missing_app_env_is_named(make_server):
    named, _ = refused(make_server(APP_ENV=None))
    assert "APP_ENV" in named


def test_all_wrong_variables_are_named_at_once_with_an_example_and_without_the_secret(make_server):
    wrong = {
        "LISTEN": "everywhere",
        "PUBLIC_URL": "no-url",
        "DATABASE_URL": "mysql://user:hushhush@localhost/db",
        "DATABASE_POOL_SIZE": "many",
        "REDIS_URL": "http://:hushhush@localhost",
        "S3_ENDPOINT": "localhost:4566",
        "S3_BUCKET": "No_Good_Name",
        "EVENT_LOOPS": "-1",
        "SESSION_SECRET": "short-hush",
        "LIVEKIT_API_SECRET": "short-hush",
        "LOG_LEVEL": "loud",
        "HTTP_HEAD_TIMEOUT": "soon",
        "TRUSTED_PROXIES": "somebody",
    }
    named, message = refused(make_server(**wrong))
    assert named >= set(wrong), message
    assert "hush" not in message
    assert message.count("example") >= len(wrong)


def test_a_misspelt_variable_in_the_file_is_noticed(make_server):
    done = make_server(DATABSE_URL="postgresql://localhost/x").run("check-config")
    assert "DATABSE_URL" in done.stdout + done.stderr
    assert "DATABASE_URL" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "name, value",
    [
        ("PUBLIC_URL", "http://api.example.org"),
        ("FRONTEND_URL", "http://meet.example.org"),
        ("LIVEKIT_PUBLIC_URL", "ws://livekit.example.org"),
        ("CORS_ALLOWED_ORIGINS", "http://other.example.org"),
        ("S3_ENDPOINT", "http://storage.example.org"),
        ("S3_SECRET_KEY", "test"),
        ("LIVEKIT_API_KEY", "devkey"),
        ("LIVEKIT_API_SECRET", "too-short"),
        ("SESSION_SECRET", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ("DATABASE_URL", "postgresql://user:password@db.example.org/livekit_conference"),
        ("REDIS_URL", "redis://:password@redis.example.org:6379/0"),
    ],
)
def test_production_refuses(make_server, name, value):
    good = make_server(**PRODUCTION).run("check-config")
    assert good.returncode == 0, good.stdout + good.stderr
    named, message = refused(make_server(**(PRODUCTION | {name: value})))
    assert named == {name}, message


def test_what_check_config_accepts_serve_starts_with(make_server):
    server = make_server()
    assert server.run("check-config").returncode == 0
    assert server.run("migrate").returncode == 0
    server.start()
    assert server.stop() == 0
