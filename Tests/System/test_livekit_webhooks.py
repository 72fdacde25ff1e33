"""Which webhooks are believed: LiveKit's own receiver and the running program, with the same mutations of signed ones."""

import base64
import hashlib
import json
import os
import random
import time

import pytest
from google.protobuf.json_format import ParseError
from livekit.api import TokenVerifier, WebhookReceiver

from load import UNLIMITED
from stand_in_webhooks import _encode, sign_token

SEED = int(os.environ.get("TEST_SEED", "7880"))
COUNT = 1000


@pytest.fixture
def server(make_server):
    server = make_server(**UNLIMITED)
    assert server.run("migrate").returncode == 0
    return server.start()


def hashed(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def event(chance: random.Random, number: int) -> dict:
    return {
        "event": chance.choice(["room_started", "participant_joined", "track_published", "egress_ended", "of_the_future"]),
        "id": f"EV_{SEED}_{number}", "createdAt": str(int(time.time())),
        "room": {"sid": f"RM_{number}", "name": chance.choice(["a", "ä \u2028", "\\\"", "x" * 200]), "emptyTimeout": 5},
    }  # fmt: skip


def flipped(text: str, chance: random.Random) -> str:
    position = chance.randrange(len(text))
    others = [one for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if one != text[position]]
    return text[:position] + chance.choice(others) + text[position + 1 :]


def mutated(chance: random.Random, number: int, key: str, secret: str) -> tuple[str, str, bytes]:
    """A mutation's name, the token and the content. Whatever both sides knowingly see differently is left out: `Bearer ` before
    the token, which only the program takes, and moments within seconds of the limits."""
    content = json.dumps(event(chance, number), ensure_ascii=False, separators=chance.choice([(",", ":"), (", ", ": ")])).encode()
    now = int(time.time())
    claims = {"iss": key, "nbf": now, "exp": now + 300, "sha256": hashed(content)}
    kinds = (
        "none", "content byte", "content cut", "content longer", "token character", "token cut", "other secret", "other key",
        "no key", "expired", "expired within leeway", "not yet valid", "not yet valid within leeway", "no expiry", "no hash",
        "empty hash", "other hash", "hash of nothing", "algorithm", "no signature", "parts", "signed rubbish", "unknown claims",
    )  # fmt: skip
    kind = chance.choice(kinds)
    match kind:
        case "content byte":
            position = chance.randrange(len(content))
            content = content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]
        case "content cut":
            content = content[: chance.randrange(len(content))]
        case "content longer":
            content += chance.choice([b" ", b"\n", b"{}"])
        case "other key":
            claims["iss"] = flipped(key, chance)
        case "no key":
            del claims["iss"]
        case "expired":
            claims |= {"nbf": now - 900, "exp": now - chance.randrange(90, 600)}
        case "expired within leeway":
            claims |= {"nbf": now - 900, "exp": now - chance.randrange(1, 30)}
        case "not yet valid":
            claims["nbf"] = now + chance.randrange(90, 250)
        case "not yet valid within leeway":
            claims["nbf"] = now + chance.randrange(1, 30)
        case "no expiry":
            del claims["exp"]
        case "no hash":
            del claims["sha256"]
        case "empty hash":
            claims["sha256"] = ""
        case "other hash":
            claims["sha256"] = hashed(chance.randbytes(8))
        case "hash of nothing":
            claims["sha256"] = hashed(b"")
        case "signed rubbish":
            content = chance.choice([b"", b"null", b"[]", b"{", b'{"event":7}'])
            claims["sha256"] = hashed(content)
        case "unknown claims":
            claims |= {"sub": "", "aud": [], "jti": str(number), "metadata": "x"}
            del claims["aud"]
    token = sign_token(claims, flipped(secret, chance) if kind == "other secret" else secret)
    head, body, signature = token.split(".")
    match kind:
        case "token character":
            token = flipped(token, chance)
        case "token cut":
            token = token[: chance.randrange(len(token))]
        case "algorithm":
            header = {"alg": chance.choice(["none", "None", "HS384", "HS512", "RS256", "hs256", ""]), "typ": "JWT"}
            token = f"{_encode(json.dumps(header).encode())}.{body}.{chance.choice([signature, ''])}"
        case "no signature":
            token = f"{head}.{body}."
        case "parts":
            token = chance.choice([f"{head}.{body}", f"{token}.{signature}", f".{body}.{signature}", f"{head}..{signature}", "."])
    return kind, token, content


def test_livekits_receiver_and_the_program_believe_the_same(server, livekit):
    print(f"seed {SEED} (TEST_SEED), {COUNT} mutations")
    receiver = WebhookReceiver(TokenVerifier(livekit.key, livekit.secret))
    seen: dict[str, set[bool]] = {}
    disagreements = []
    with server.client() as client:
        for number in range(COUNT):
            chance = random.Random(f"{SEED} {number}")
            kind, token, content = mutated(chance, number, livekit.key, livekit.secret)
            try:
                receiver.receive(content.decode(), token)
                theirs = True
            except ParseError:  # signed, as that comes last
                theirs = True
            except Exception:  # it raises whatever its parts raise
                theirs = False
            headers = {"Authorization": token, "Content-Type": "application/webhook+json"}
            answer = client.post("/webhooks/livekit", content=content, headers=headers)
            # What is signed and no event is believed by both, and taken by the program never.
            expected = (400, 401) if kind == "signed rubbish" else (200, 401)
            assert answer.status_code in expected, f"{kind}, number {number}: {answer.status_code} {answer.text}"
            ours = answer.status_code != 401
            seen.setdefault(kind, set()).add(ours)
            if ours != theirs:
                disagreements.append(f"number {number}, {kind}: LiveKit {theirs}, the program {answer.text}")
    assert not disagreements, f"seed {SEED}:\n" + "\n".join(disagreements[:20])
    assert len(seen) == 23 and seen["none"] == seen["signed rubbish"] == {True} and seen["content byte"] == {False}, seen
