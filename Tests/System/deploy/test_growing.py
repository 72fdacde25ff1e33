"""More hosts than one: another backend, another LiveKit and the recorder, each on its own, with the main host's database and Redis."""

import shutil
import socket
import subprocess
from contextlib import contextmanager

import pytest

from administrator import Administrator
from network import HOST, PRIVATE, PRIVATE_MAIN, SECOND_HOST, Network
from operator_account import Operator
from test_upgrade import connect, leave

HEALTH = "curl --silent --output /dev/null --write-out '%{http_code}' --insecure --resolve meet.test:443:127.0.0.1 https://meet.test"


@pytest.fixture(scope="module")
def everywhere(operator, network, setting, tmp_path_factory) -> Operator:
    """Someone who reaches both hosts, whose packages are without those that a second host has no use for."""
    other = Operator(tmp_path_factory.mktemp("everywhere") / "operator", network, setting.packages, binds=False)
    for name in ("key", "key.pub"):
        shutil.copy(operator.folder / name, other.folder / name)
    return other


@pytest.fixture(scope="module")
def main(bare, everywhere) -> str:
    """What the deployment said that made the host the main one of several."""
    return everywhere.run("deploy", *everywhere.first_options, "--peer", PRIVATE)


@pytest.fixture(scope="module")
def second(main, bare, setting, network: Network, everywhere):
    """second(NAME) is another host in the private network."""

    @contextmanager
    def second(name: str):
        machine = setting.machine(name)
        try:
            machine.boot()
            everywhere.is_known_to(machine, HOST)
            network.connect(machine, SECOND_HOST)
            network.join(bare, machine)
            (everywhere.folder / "known_hosts").unlink(missing_ok=True)
            machine.wait_for_state("ssh.service", "active")
            yield machine
        finally:
            machine.shut_down()
            shutil.rmtree(machine.root)

    return second


def options(everywhere: Operator, role: str) -> list[str]:
    return ["--packages", str(everywhere.packages), "--role", role, "--main", f"{everywhere.account}@{HOST}", "--main-address", PRIVATE_MAIN]


def redis_answers(machine) -> bytes:
    def ask() -> bytes:
        with socket.create_connection(("127.0.0.1", 6379), timeout=10) as client:
            client.sendall(b"PING\r\n")
            return client.recv(100)

    return machine.in_network(ask)


def test_the_main_host_lets_in_tunnels_from_the_private_network_alone(main, bare, network, second, everywhere):
    assert "tunnels for other hosts, on port 7022" in main
    with second("looker") as machine:
        assert network.tcp(7022) == "rejected"
        assert {port: network.tcp(port, PRIVATE_MAIN, machine) for port in (7022, 5432, 6379, 3001, 7880)} == {
            7022: "open", 5432: "rejected", 6379: "rejected", 3001: "rejected", 7880: "rejected"}
        # The administrator's own key opens nothing there, nor does any other account.
        for account in ("livekit-conference", "ubuntu", "root"):
            refused = subprocess.run(
                [*network.prefix(machine.leader), "ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                 "-i", everywhere.folder / "key", "-p", "7022", f"{account}@{PRIVATE_MAIN}", "true"], capture_output=True, text=True)
            assert refused.returncode != 0 and "Permission denied" in refused.stderr, refused.stderr
    again = everywhere.run("deploy", *everywhere.first_options, "--peer", PRIVATE)
    assert "Nothing changed." in again, again


def test_options_that_do_not_go_together_are_told(everywhere):
    status, output = everywhere.try_run("deploy", "--role", "api", "--domain", "meet.test", "--peer", "10.0.0.0/8", "--check")
    assert status == 1
    for part in ("--role api needs --main", "--domain is the main host's", "--peer is the main host's"):
        assert part in output, output


def test_another_backend_shares_the_requests_and_serves_alone_when_the_first_is_away(main, bare, second, everywhere, network):
    with second("api") as machine:
        output = everywhere.run("deploy", *options(everywhere, "api"), host=SECOND_HOST)
        assert "let in 10.78.0.2 as api" in output and "canary: passed" in " ".join(output.split()), output
        assert machine.run("systemctl is-system-running") == "running", machine.run("systemctl --failed")
        assert "Nothing changed." in everywhere.run("deploy", *options(everywhere, "api"), host=SECOND_HOST)
        # Of what it serves, nothing is open to a network.
        assert {port: network.tcp(port, SECOND_HOST) for port in (22, 443, 7881, 3001)} == {
            22: "open", 443: "rejected", 7881: "rejected", 3001: "rejected"}
        bare.run("systemctl stop livekit-conference.socket livekit-conference.service")
        try:
            assert [bare.run(f"{HEALTH}/health/ready") for _ in range(20)] == ["200"] * 20
            assert "GET" in machine.journal("-u livekit-conference") or machine.state("livekit-conference.service") == "active"
        finally:
            bare.run("systemctl start livekit-conference.socket livekit-conference.service")
        # What it had begun comes back when the tunnel breaks.
        machine.run("systemctl kill --signal=KILL livekit-conference-peer.service")
        machine.wait_until(lambda: machine.run("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:3001/health/ready") == "200", "not ready")
        # Its host dies: the first serves on.
        machine.run("systemctl kill --signal=STOP livekit-conference-peer.service")
        assert [bare.run(f"{HEALTH}/health/ready") for _ in range(10)] == ["200"] * 10
        machine.run("systemctl kill --signal=KILL livekit-conference-peer.service")
    # It is gone, and forgotten.
    output = everywhere.run("deploy", *options(everywhere, "api"), "--remove", host=SECOND_HOST, SSH_TIMEOUT="3")
    assert "10.78.0.2 does not answer" in output and "let in 10.78.0.2 no longer" in output, output
    assert "requests go to this host's API alone" in output
    assert bare.run("cat /etc/livekit-conference/peers/authorized_keys; ls /etc/livekit-conference/caddy") == ""
    assert bare.run(f"{HEALTH}/health/ready") == "200"


def test_another_livekit_is_reached_by_media_and_reaches_redis_and_the_api_and_is_taken_away(main, bare, second, everywhere, network, tmp_path):
    with second("media") as machine:
        output = everywhere.run("deploy", *options(everywhere, "media"), host=SECOND_HOST)
        assert "let in 10.78.0.2 as media" in output, output
        assert machine.run("systemctl is-system-running") == "running", machine.run("systemctl --failed")
        text = machine.run("cat /var/lib/livekit-conference-config/livekit.yaml")
        assert f'node_ip: "{SECOND_HOST}"' in text and 'address: "127.0.0.1:6379"' in text
        assert redis_answers(machine).startswith(b"-NOAUTH")
        # Webhooks of this LiveKit come to the main host's API, which looks at their signature.
        assert machine.run("curl -s -o /dev/null -w '%{http_code}' --header 'Content-Type: application/webhook+json' --data '{}'"
                           " http://127.0.0.1:3001/webhooks/livekit") == "401"
        assert {port: network.tcp(port, SECOND_HOST) for port in (22, 7881, 443, 3001, 7880, 6379)} == {
            22: "open", 7881: "open", 443: "rejected", 3001: "rejected", 7880: "rejected", 6379: "rejected"}
        assert [network.udp(machine, port, SECOND_HOST) for port in (49999, 50000, 60000, 60001)] == [False, True, True, False]
        assert machine.state("livekit-conference.service") == "inactive"
        assert "Nothing changed." in everywhere.run("deploy", *options(everywhere, "media"), host=SECOND_HOST)
        status, output = everywhere.try_run("deploy", *options(everywhere, "egress"), host=SECOND_HOST)
        assert status == 1 and "the host is for media already" in output, output
        interrupts_nobody_unasked(bare, machine, everywhere, tmp_path)
        is_taken_away(bare, machine, everywhere, network)


def interrupts_nobody_unasked(bare, machine, everywhere, folder) -> None:
    """People may be in a room of this LiveKit, which a change would restart."""
    meeting = Administrator(bare).sign_in().make_meeting("Far away")
    connect(bare, meeting, "Cem")
    (folder / "more.env").write_text("LOG_LEVEL=notice\n")
    process = machine.show("livekit-server", "MainPID")
    changed = [*options(everywhere, "media"), "--settings", str(folder / "more.env")]
    for asked in (changed, [*options(everywhere, "media"), "--remove"]):
        status, output = everywhere.try_run("deploy", *asked, host=SECOND_HOST)
        assert status == 1 and "people are in meetings" in output and "Far away: 1 people" in output, output
    assert machine.show("livekit-server", "MainPID") == process
    told = everywhere.start("deploy", *changed, "--warn", "60", host=SECOND_HOST)
    lines = []
    for line in told.stdout:
        lines.append(line)
        if "waiting until they have left" in line:
            leave(bare, "Cem")
    assert told.wait() == 0 and "everyone in a meeting is told" in "".join(lines), "".join(lines)
    assert machine.show("livekit-server", "MainPID") != process


def is_taken_away(bare, machine, everywhere, network) -> None:
    output = everywhere.run("deploy", *options(everywhere, "media"), "--remove", host=SECOND_HOST)
    assert "let in 10.78.0.2 no longer" in output and "remove livekit-conference livekit-server" in output, output
    assert machine.run("dpkg-query --show livekit-conference livekit-server 2>/dev/null || true") == ""
    assert machine.run("find /etc/livekit-conference /var/lib/livekit-conference-deploy /etc/systemd/system -name '*livekit*' 2>/dev/null || true") == ""
    assert {port: network.tcp(port, SECOND_HOST) for port in (22, 7881)} == {22: "open", 7881: "rejected"}
    assert not network.udp(machine, 50000, SECOND_HOST)
    assert bare.run("cat /etc/livekit-conference/peers/authorized_keys") == ""
    assert bare.run("ss -Htn state established 'sport = :7022'") == ""
    again = everywhere.run("deploy", *options(everywhere, "media"), "--remove", host=SECOND_HOST)
    assert "Nothing changed." in again and "the main host lets in no 10.78.0.2; it lets in no other host" in again, again


def test_the_recorder_has_a_host_of_its_own(main, second, everywhere, network):
    with second("egress") as machine:
        output = everywhere.run("deploy", *options(everywhere, "egress"), host=SECOND_HOST)
        assert "let in 10.78.0.2 as egress" in output, output
        assert machine.state("livekit-egress.service") == "active" and "egress: service ready" in machine.journal("-u livekit-egress")
        assert redis_answers(machine).startswith(b"-NOAUTH")
        # LiveKit of the main host.
        assert machine.run("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:7880/") == "200"
        assert {port: network.tcp(port, SECOND_HOST) for port in (22, 443, 7881)} == {22: "open", 443: "rejected", 7881: "rejected"}


def test_a_main_host_without_tunnels_says_what_to_do(bare, everywhere, second):
    with second("early") as machine:
        bare.run("mv /etc/livekit-conference/peers /root/peers")
        status, output = everywhere.try_run("deploy", *options(everywhere, "media"), host=SECOND_HOST)
        bare.run("mv /root/peers /etc/livekit-conference/peers")
        assert status == 1 and "the main host lets in no other hosts yet" in output and "--peer NETWORK" in output, output
        assert machine.run("dpkg-query --show livekit-conference 2>/dev/null || true") == ""
