"""What the browser tests run against, with a server of LIVEKIT_SERVER_BIN: here a program that looks at how it is started, as strictly
as LiveKit's, and then is the stand-in."""

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from server import free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """#!{python}
import json, os, stat, sys
sys.path.insert(0, {folder!r})
from livekit_signalling import Signalling
from stand_in_livekit import LiveKit

KNOWN = {{
    "": ["port", "bind_addresses", "rtc", "redis", "room", "webhook", "keys", "logging", "prometheus"],
    "rtc": ["tcp_port", "udp_port", "port_range_start", "port_range_end", "use_external_ip", "node_ip", "stun_servers",
            "enable_loopback_candidate"],
    "room": ["auto_create"], "webhook": ["api_key", "urls"], "logging": ["level", "json"],
}}
option, path = sys.argv[1:]
assert option == "--config", option
assert not os.stat(path).st_mode & stat.S_IRWXO, "others may read the keys"
configuration = json.load(open(path))
for section, names in KNOWN.items():
    unknown = set(configuration if not section else configuration[section]) - set(names)
    assert not unknown, f"unknown in {{section}}: {{unknown}}"
(key, secret), = configuration["keys"].items()
assert len(secret) >= 32 and configuration["webhook"]["api_key"] == key
assert configuration["room"]["auto_create"] is False
assert configuration["webhook"]["urls"][0].endswith("/webhooks/livekit"), configuration["webhook"]
assert configuration["rtc"]["stun_servers"], "browsers would ask public servers"
livekit = LiveKit(key, secret, webhook_url=configuration["webhook"]["urls"][0]).start()
Signalling(livekit, configuration["port"]).start()
livekit._thread.join()
"""


def test_the_browser_tests_system_starts_a_livekit_server_and_hands_clients_on_to_it(binary, services, tmp_path):
    program = tmp_path / "livekit-server"
    program.write_text(PROGRAM.format(python=sys.executable, folder=str(ROOT / "Tests/System")))
    program.chmod(0o755)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "join.html").write_text("the page of a call")
    logs = tmp_path / "logs"
    logs.mkdir()
    origin = f"http://localhost:{(port := free_port())}"
    environment = os.environ | {
        "LIVEKIT_SERVER_BIN": str(program), "BROWSER_TEST_PORT": str(port), "BROWSER_TEST_LOGS": str(logs), "FRONTEND_OUT": str(pages)}
    with open(tmp_path / "system.log", "wb") as output:
        system = subprocess.Popen(
            [sys.executable, ROOT / "Tests/Browser/system.py"], env=environment, stdout=output, stderr=subprocess.STDOUT)
    log = (tmp_path / "system.log").read_text
    try:
        with httpx.Client(base_url=origin, timeout=30, trust_env=False) as client:

            def ready() -> bool:
                assert system.poll() is None, log()
                try:
                    return client.get("/health/ready").status_code == 200
                except httpx.HTTPError:
                    return False

            wait_until(ready, 120, log)
            assert f"LiveKit is {program}" in log()
            assert client.get("/join/k3mf").text == "the page of a call"
            account = {"email": "ada@example.org", "password": "correct horse battery staple"}
            assert client.post("/api/v1/session", json=account, headers={"Origin": origin}).status_code == 201
            meeting = client.post("/api/v1/meetings", json={"title": secrets.token_hex(4)}, headers={"Origin": origin}).json()
            ticket = client.post(f"/api/v1/join/{meeting['joinCode']}", json={"displayName": "Ada"}).json()
            connection = ticket["connection"]
            assert connection["url"] == origin.replace("http", "ws")
            # The API has made the room there, and the token's key and secret are the server's.
            answer = client.get("/rtc/v1/validate", params={"access_token": connection["token"]})
            assert (answer.status_code, answer.text) == (200, "success")
            assert client.post("/control/restart").text == "restarted"
    finally:
        system.send_signal(signal.SIGTERM)
        status = system.wait(60)
    assert status == 0, log()
    assert {"server.log", "livekit.log"} <= set(os.listdir(logs))
