"""LiveKit's stand-in as the program livekit-server of its package: reads the configuration that the units make, and takes part in a canary."""

import re
import socket
import sys

from stand_in_livekit import LiveKit


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
    LiveKit(key, secret, port, webhook_url=webhook).start()._thread.join()
    media.close()


main()
