"""Seconds that apt takes to install packages on a minimal system that boots, and from their configuration until the API is ready:
install_time.py PACKAGES ROOT DOWNLOADS WORK"""

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "System/packages"))

from installing import INSTALL, START, Setting, configure  # noqa: E402


def is_ready() -> bool:
    try:
        with urllib.request.urlopen("http://127.0.0.1:3001/health/ready", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, TimeoutError):
        return False


def main(*folders: str):
    setting = Setting(*map(Path, folders))
    with setting.machine("install") as machine:
        machine.boot()
        setting.copy_packages(machine)
        began = time.monotonic()
        machine.run(INSTALL, timeout=1200)
        print(f"install {time.monotonic() - began:.1f}", flush=True)
        configure(machine)
        began = time.monotonic()
        machine.run(START)
        machine.wait_until(lambda: machine.in_network(is_ready), "the API did not become ready")
        print(f"ready {time.monotonic() - began:.1f}", flush=True)


main(*sys.argv[1:])
