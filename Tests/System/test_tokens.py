"""Tokens of `livekit-conference token`, judged by LiveKit's own verifier."""

import secrets
import time

import jwt
import pytest
from livekit import api

from server import Server

WRONG_SECRET = "0123456789abcdef0123456789abcdef"
FLAGS = {
    "roomCreate": "room_create",
    "roomList": "room_list",
    "roomRecord": "room_record",
    "roomAdmin": "room_admin",
    "canPublish": "can_publish",
    "canSubscribe": "can_subscribe",
    "canPublishData": "can_publish_data",
    "canUpdateOwnMetadata": "can_update_own_metadata",
    "canSubscribeMetrics": "can_subscribe_metrics",
    "ingressAdmin": "ingress_admin",
    "hidden": "hidden",
    "recorder": "recorder",
    "agent": "agent",
}


@pytest.fixture
def settings() -> dict[str, str]:
    """A right configuration whose services nobody needs here."""
    return {
        "APP_ENV": "local",
        "LISTEN": "127.0.0.1:3001",
        "PUBLIC_URL": "http://127.0.0.1:3001",
        "FRONTEND_URL": "http://localhost:3000",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1",
        "S3_ENDPOINT": "http://127.0.0.1:1",
        "S3_ACCESS_KEY": "none",
        "S3_SECRET_KEY": "none",
        "S3_BUCKET": "none",
        "S3_REGION": "us-east-1",
        "LIVEKIT_URL": "http://127.0.0.1:7880",
        "LIVEKIT_PUBLIC_URL": "ws://localhost:7880",
        "LIVEKIT_API_KEY": "testkey",
        "LIVEKIT_API_SECRET": secrets.token_hex(32),
        "SESSION_SECRET": secrets.token_hex(32),
    }


@pytest.fixture
def run_token(binary, tmp_path, settings):
    """run_token(*options) -> the finished `token` command for room `demo` and identity `alice`."""

    def run(*options: str):
        return Server(binary, tmp_path, settings).run("token", "--room", "demo", "--identity", "alice", *options)

    return run


@pytest.fixture
def make_token(run_token):
    """make_token(*options) -> the token."""

    def make(*options: str) -> str:
        made = run_token(*options)
        assert made.returncode == 0, made.stderr
        assert made.stdout.count("\n") == 1, "the token alone goes to standard output"
        return made.stdout.strip()

    return make


@pytest.fixture
def verifier(settings):
    return api.TokenVerifier(settings["LIVEKIT_API_KEY"], settings["LIVEKIT_API_SECRET"])


def test_livekits_verifier_accepts_our_token(make_token, verifier):
    claims = verifier.verify(make_token("--name", "Alice Ünal", "--metadata", '{"a":"</script>"}'))
    assert claims.identity == "alice"
    assert claims.name == "Alice Ünal"
    assert claims.metadata == '{"a":"</script>"}'
    assert claims.video.room_join is True
    assert claims.video.room == "demo"


def test_token_of_another_secret_is_rejected(make_token, settings):
    with pytest.raises(jwt.InvalidSignatureError):
        api.TokenVerifier(settings["LIVEKIT_API_KEY"], WRONG_SECRET).verify(make_token())


def test_token_of_another_key_is_rejected(make_token, settings):
    with pytest.raises(jwt.InvalidIssuerError):
        api.TokenVerifier("another-key", settings["LIVEKIT_API_SECRET"]).verify(make_token())


def test_changed_token_is_rejected(make_token, verifier):
    head, payload, signature = make_token().split(".")
    _, other, _ = make_token("--grant", "hidden=true").split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        verifier.verify(".".join([head, other, signature]))


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("name", FLAGS)
def test_every_grant_is_as_asked(make_token, verifier, name, value):
    claims = verifier.verify(make_token("--grant", f"{name}={str(value).lower()}"))
    assert getattr(claims.video, FLAGS[name]) is value
    others = {field: getattr(claims.video, field) for flag, field in FLAGS.items() if flag != name}
    defaults = {field: getattr(api.VideoGrants(), field) for field in others}
    assert others == defaults, "a grant that was not asked for changed"


def test_sources_are_as_asked(make_token, verifier):
    claims = verifier.verify(make_token("--grant", "canPublishSources=camera,microphone,screen_share,screen_share_audio"))
    assert claims.video.can_publish_sources == ["camera", "microphone", "screen_share", "screen_share_audio"]


def test_token_lives_as_long_as_asked(make_token):
    before = int(time.time())
    claims = jwt.decode(make_token("--ttl", "90"), options={"verify_signature": False})
    assert claims["exp"] - claims["nbf"] == 90
    assert before <= claims["nbf"] <= time.time()


def test_short_secret_is_refused(run_token, settings):
    settings["LIVEKIT_API_SECRET"] = "s" * 31
    made = run_token()
    assert made.returncode != 0
    assert made.stdout == ""
    assert "LIVEKIT_API_SECRET" in made.stderr
    assert "s" * 31 not in made.stderr
