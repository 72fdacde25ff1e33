"""Milliseconds from a server's start to its READY=1, for each of five starts: start_time.py BINARY ENV_FILE"""

import os
import socket
import subprocess
import sys
import tempfile
import time


def start_once(binary: str, env_file: str, notify: socket.socket, path: str) -> float:
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    began = time.monotonic()
    process = subprocess.Popen(
        [binary, "serve", "--env-file", env_file], env={**environment, "NOTIFY_SOCKET": path},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        while b"READY=1" not in notify.recv(4096).splitlines():
            pass
        return 1000 * (time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(30)


def main(binary: str, env_file: str):
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(folder + "/notify")
        notify.settimeout(20)
        for _ in range(5):
            print(f"{start_once(binary, env_file, notify, folder + '/notify'):.0f}", flush=True)
            drain(notify)


def drain(notify: socket.socket):
    """Takes what the ended server still said."""
    notify.setblocking(False)
    try:
        while True:
            notify.recv(4096)
    except BlockingIOError:
        notify.settimeout(20)


main(*sys.argv[1:])
