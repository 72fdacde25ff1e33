"""LiveKit's stand-in as the program livekit-server of its package: reads the configuration that the units make, and takes part in a canary.
It stands in for the recorder too, where a test has told it the bucket in STORAGE."""

import json
import re
import socket
import sys

from stand_in_egress import Storage
from stand_in_livekit import LiveKit

STORAGE = "/etc/livekit-stand-in.json"


def main():
    arguments = sys.argv[1:]
    with open(arguments[arguments.index("--config") + 1], encoding="utf-8") as file:
        text = file.read()
    port, tcp_port = (int(re.search(rf"^ *{name}: (\d+)$", text, re.MULTILINE)[1]) for name in ("port", "tcp_port"))
    if "ports" in arguments:
        print(f"TCP Ports\n{port} - HTTP service\n{tcp_port} - ICE/TCP\nUDP Ports\n")
        return
    key, secret = re.search(r'^  "([^"]+)": "([^"]+)"$', text.split("\nkeys:\n")[1], re.MULTILINE).groups()
    webhook = re.search(r'urls: \["([^"]+)"', text)[1]
    media = socket.create_server(("0.0.0.0", tcp_port))
    LiveKit(key, secret, port, webhook_url=webhook, storage=storage()).start()._thread.join()
    media.close()


def storage() -> Storage | None:
    try:
        with open(STORAGE, encoding="utf-8") as file:
            return Storage(**json.load(file))
    except FileNotFoundError:
        return None


main()
