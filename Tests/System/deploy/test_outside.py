"""doctor --from-outside: what arrives is said to arrive, and what doesn't is said with the layer that stops it."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def deployed(bare, operator):
    operator.run("deploy", *operator.first_options)


def report(output: str) -> dict[str, str]:
    """What was looked at, in two words, and the line about it."""
    rows = [line.split(maxsplit=1) for line in output.splitlines() if line.startswith(("passed ", "failed "))]
    return {" ".join(rest.split()[:2]): f"{verdict} {' '.join(rest.split())}" for verdict, rest in rows}


def leftovers(machine) -> str:
    return machine.run("iptables -t raw -S PREROUTING; systemctl list-units --all --plain --no-legend 'livekit-conference-probe*';"
                       " ls -d /run/livekit-conference-probe 2>/dev/null || true")


def test_a_host_that_is_well_passes_and_nothing_of_the_look_stays(bare, operator):
    output = operator.run("doctor", "--from-outside")
    lines = report(output)
    assert all(line.startswith("passed") for line in lines.values()), output
    assert list(lines) == ["TLS, the", "signalling LiveKit", "tcp 443", "udp 443", "tcp 7881", "udp 50000", "udp 55000", "udp 60000"]
    assert "datagrams arrive" in lines["udp 60000"] and "canary: passed" in output
    assert leftovers(bare) == "-P PREROUTING ACCEPT"


def test_the_host_s_firewall_is_named(bare, operator):
    bare.run("iptables -I INPUT -p udp --dport 60000 -j DROP && iptables -I INPUT -p tcp --dport 7881 -j DROP")
    status, output = operator.try_run("doctor", "--from-outside")
    bare.run("iptables -D INPUT -p udp --dport 60000 -j DROP && iptables -D INPUT -p tcp --dport 7881 -j DROP")
    lines = report(output)
    assert status == 1 and lines["udp 50000"].startswith("passed"), output
    for port in ("udp 60000", "tcp 7881"):
        assert lines[port].startswith("failed") and "the host's firewall stopped it" in lines[port], output


def test_what_never_comes_to_the_host_is_the_network_s(bare, operator, network):
    network.run("iptables", "-A", "OUTPUT", "-p", "udp", "--dport", "50000", "-j", "DROP")
    status, output = operator.try_run("doctor", "--from-outside")
    network.run("iptables", "-F", "OUTPUT")
    lines = report(output)
    assert status == 1 and lines["udp 50000"].startswith("failed") and "it never came to the host" in lines["udp 50000"], output
    assert lines["udp 60000"].startswith("passed")


def test_a_port_that_nobody_listens_on_is_said(bare, operator):
    bare.run("systemctl stop livekit-server")
    status, output = operator.try_run("doctor", "--from-outside", START_LIMIT="3")
    bare.run("systemctl start livekit-server")
    lines = report(output)
    assert status == 1 and "nothing listens there" in lines["tcp 7881"], output
    assert "LiveKit does not run behind it" in output and "not active within 3 s: livekit-server.service" in output
