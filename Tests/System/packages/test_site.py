"""What Caddy serves, and what it writes down."""

import os

import httpx
import pytest

from administrator import configured
from installing import HOST

UNIT = "livekit-conference.service"


def test_answers_carry_the_security_headers(administrator):
    answer = administrator.get("/api/v1/session")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers


def test_it_speaks_http_2_and_3(machine):
    head = machine.run(f"curl --silent --head --insecure --resolve {HOST}:443:127.0.0.1 https://{HOST}/health").lower()
    assert head.startswith("http/2 200") and 'alt-svc: h3=":443"' in head
    head = machine.run(f"curl --silent --head --insecure --http3-only --resolve {HOST}:443:127.0.0.1 https://{HOST}/health").lower()
    assert head.startswith("http/3 200")


def test_answers_are_compressed(machine):
    head = machine.run("curl --silent --insecure --output /dev/null --dump-header - --header 'Accept-Encoding: gzip' "
                       f"--resolve {HOST}:443:127.0.0.1 https://{HOST}/api/openapi.json").lower()
    assert "content-encoding: gzip" in head, head


# The web application


@pytest.fixture
def page(administrator, setting):
    """page(PATH, ENCODING) is the answer to a browser that takes ENCODING alone."""
    if not list(setting.packages.glob("livekit-conference-web_*.deb")):
        pytest.skip("the web application was not built: " + os.environ.get("PACKAGES_WITHOUT_WEB", "no reason was given"))

    def page(path: str, encoding: str = "identity"):
        return administrator.machine.in_network(ask, path, encoding)

    def ask(path: str, encoding: str):
        with httpx.Client(**administrator.options) as client:
            request = client.build_request("GET", path, headers={"Accept-Encoding": encoding}, extensions=administrator.extensions)
            return client.send(request)

    return page


def test_pages_are_served_and_asked_for_again(page):
    answer = page("/")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-cache" and answer.headers["ETag"] != ""
    assert page("/no/such/page").status_code == 404
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"


def test_every_link_to_a_meeting_is_one_page(page):
    answer = page("/join/abcd-efgh-jkmn-pqrs-tvwx")
    assert answer.status_code == 200 and answer.content == page("/join.html").content
    # But not what is a file: the page's parts, which the application asks for.
    assert page("/join/__next._tree.txt").headers["Content-Type"].startswith("text/plain")


def test_files_named_by_their_digest_are_kept_for_a_year_and_come_compressed(page, machine):
    folder = "/usr/share/livekit-conference-web"
    file = machine.run(f"find {folder}/_next/static -name '*.js' -size +64k | head -n 1").removeprefix(folder)
    plain = page(file)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for encoding, suffix in (("br", "br"), ("gzip", "gz"), ("zstd", "zst")):
        answer = page(file, encoding)
        assert answer.headers["Content-Encoding"] == encoding
        # The file made beforehand, not one made now.
        assert int(answer.headers["Content-Length"]) == int(machine.run(f"stat -c %s {folder}{file}.{suffix}"))


def test_the_api_s_inside_is_not_served(administrator):
    for path in ("/metrics", "/webhooks/livekit"):
        assert administrator.get(path).status_code == 404, path


def test_livekit_s_websocket_is_reached(administrator):
    assert administrator.get("/rtc/validate").text == "success"


def test_port_80_opens_only_when_it_is_asked_for(machine):
    assert not listens_on(machine, 80)
    with configured(machine, PROXY_PORT_80="open"):
        machine.wait_until(lambda: listens_on(machine, 80), "nothing listens on port 80")
        head = machine.run(f"curl --silent --head --resolve {HOST}:80:127.0.0.1 http://{HOST}/join/abc")
        assert "308" in head.splitlines()[0] and f"location: https://{HOST}/join/abc" in head.lower()
    machine.wait_until(lambda: not listens_on(machine, 80), "port 80 stays open")


def listens_on(machine, port: int) -> bool:
    return f":{port} " in machine.run("ss -Hlnt")


def test_livekit_may_have_a_name_of_its_own(machine):
    def ask(name: str, path: str) -> str:
        return machine.run(f"curl --silent --insecure --write-out ' %{{http_code}}' --resolve {name}:443:127.0.0.1 https://{name}{path}")

    with configured(machine, LIVEKIT_PUBLIC_URL="wss://media.test"):
        machine.wait_until(lambda: listens_on(machine, 443), "Caddy does not listen")
        machine.wait_for_state(UNIT, "active")
        assert ask("media.test", "/rtc/validate") == "success 200"
        assert ask("media.test", "/api/v1/session").endswith("404")
        assert "success" not in ask(HOST, "/rtc/validate")
        assert ask(HOST, "/health").endswith("200")


def test_the_access_log_has_requests_but_nothing_that_opens_doors(machine, administrator):
    meeting = administrator.make_meeting("Logged")
    ticket = administrator.join(meeting, "Ann")
    token = ticket["connection"]["token"]
    administrator.get(f"/rtc?access_token={token}")
    administrator.request("GET", f"/join/{meeting['joinCode']}?passcode=passcode-2718")
    log = machine.journal("--unit=caddy")
    assert '"uri":"/api/v1/join/..."' in log and '"uri":"/rtc?..."' in log and '"uri":"/join/...?..."' in log
    opening = {"token": token, "code": meeting["joinCode"], "cookie": administrator.cookie.split("=")[1], "passcode": "passcode-2718"}
    assert [name for name, value in opening.items() if value in log] == []


def test_a_request_waits_for_an_api_that_is_away_and_starts_it(machine, administrator):
    machine.run(f"systemctl stop {UNIT}")
    assert administrator.get("/api/v1/session").status_code == 200
    machine.wait_for_state(UNIT, "active")


def test_the_licences_of_what_is_in_the_application_are_served(page):
    answer = page("/third-party-licenses.txt")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
    assert "\nlivekit-client " in answer.text and "Permission is hereby granted" in answer.text
