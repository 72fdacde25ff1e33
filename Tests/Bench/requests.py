"""Requests for wrk.lua's BENCH_FILE, one a line (path, media type, Authorization, body; tabs between), each sent once.

requests.py webhooks COUNT    LiveKit's events, signed with BENCH_KEY and BENCH_SECRET: participants come and go. Standard input: one
                              "meeting participant" a line
requests.py whiteboard COUNT  batches of ten elements, each drawn anew. Standard input: one path of a board's elements a line
"""

import base64
import hashlib
import json
import os
import random
import secrets
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "System"))

from stand_in_webhooks import sign_token  # noqa: E402

ELEMENTS_A_BOARD = 400
ELEMENTS_A_BATCH = 10


def webhooks(count: int, people: list[str]):
    run, now = secrets.token_hex(6), int(time.time())
    for number in range(count):
        meeting, participant = people[number // 2 % len(people)].split()
        name = ("participant_joined", "participant_left")[number % 2]
        event = {
            "event": name, "id": f"EV_{run}{number}", "createdAt": str(now),
            "room": {"sid": "RM_" + meeting.replace("-", ""), "name": meeting, "creationTime": str(now - 60), "emptyTimeout": 300},
            "participant": {
                "sid": f"PA_{run}{number // 2}", "identity": participant, "name": "Guest", "joinedAt": str(now - 1),
                "joinedAtMs": str((now - 1) * 1000), "state": "ACTIVE", "permission": {"canSubscribe": True, "canPublish": True},
            },
        }  # fmt: skip
        body = json.dumps(event)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        claims = {"iss": os.environ["BENCH_KEY"], "nbf": now, "exp": now + 300, "sha256": digest}
        yield "/webhooks/livekit", "application/webhook+json", sign_token(claims, os.environ["BENCH_SECRET"]), body


def whiteboard(count: int, boards: list[str]):
    chance = random.Random(1)
    for number in range(count):
        elements = [
            {
                "id": f"element-{index}", "type": "freedraw", "version": number + 1, "versionNonce": chance.getrandbits(31),
                "index": f"a{index:04}", "isDeleted": False, "x": chance.uniform(0, 2000), "y": chance.uniform(0, 2000),
                "strokeColor": "#1e1e1e", "points": [[round(chance.uniform(0, 90), 2), round(chance.uniform(0, 90), 2)] for _ in range(8)],
            }
            for index in chance.sample(range(ELEMENTS_A_BOARD), ELEMENTS_A_BATCH)
        ]  # fmt: skip
        yield boards[number % len(boards)], "application/json", "", json.dumps({"elements": elements})


kind, count = sys.argv[1:]
given = sys.stdin.read().splitlines()
for request in {"webhooks": webhooks, "whiteboard": whiteboard}[kind](int(count), given):
    print(*request, sep="\t")
