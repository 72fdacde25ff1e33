"""Someone who uses the videoconference on a machine: requests from inside its network, signed in."""

import re
import ssl
from contextlib import contextmanager

import httpx

from installing import ENVIRONMENT, EVERYTHING, HOST
from machine import Machine

PASSWORD = "correct-horse-battery-staple"
PROXY, API = "https://127.0.0.1", "http://127.0.0.1:3001"
AUTHORITY = "var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt"


class Administrator:
    def __init__(self, machine: Machine, url: str = PROXY):
        self.machine, self.url, self.cookie = machine, url, ""

    def sign_in(self) -> "Administrator":
        answer = self.post("/api/v1/session", {"email": "admin@example.org", "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return self

    @property
    def options(self) -> dict:
        """Of a client of httpx. The proxy's certificate is checked."""
        headers = {"Host": HOST, "Origin": f"https://{HOST}"} | ({"Cookie": self.cookie} if self.cookie else {})
        verify = ssl.create_default_context(cafile=self.machine.root / AUTHORITY) if self.url == PROXY else False
        return {"base_url": self.url, "headers": headers, "verify": verify, "timeout": 60, "trust_env": False}

    # For the certificate.
    extensions = {"sni_hostname": HOST}

    def request(self, method: str, path: str, content: dict | None = None, **options) -> httpx.Response:
        return self.machine.in_network(self._request, method, path, content, options)

    def _request(self, method: str, path: str, content: dict | None, options: dict) -> httpx.Response:
        with httpx.Client(**{**self.options, **options}) as client:
            return client.request(method, path, json=content, extensions=self.extensions)

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)

    def post(self, path: str, content: dict) -> httpx.Response:
        return self.request("POST", path, content)

    def make_meeting(self, title: str) -> dict:
        answer = self.post("/api/v1/meetings", {"title": title})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def join(self, meeting: dict, name: str) -> dict:
        answer = self.post(f"/api/v1/join/{meeting['joinCode']}", {"displayName": name})
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def configured(machine: Machine, **settings: str | None):
    """Everything runs with other settings inside; None takes one away."""
    file = machine.root / ENVIRONMENT.lstrip("/")
    before = file.read_text()
    names = "|".join(settings)
    kept = re.sub(rf"(?m)^({names})=.*\n", "", before)
    try:
        file.write_text(kept + "".join(f"{name}={value}\n" for name, value in settings.items() if value is not None))
        machine.run(f"livekit-conference-check && systemctl restart {EVERYTHING}")
        yield
    finally:
        file.write_text(before)
        machine.run(f"systemctl restart {EVERYTHING}")
        machine.wait_for_state("livekit-conference.service", "active")
