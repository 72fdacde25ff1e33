"""The host's firewall, judged by packets that another network sends."""

import pytest

from network import ELSEWHERE

PORTS_OF_DATABASES = (5432, 6379)


def rules(machine) -> list[str]:
    return machine.run("iptables-save -t filter | grep ^-A").splitlines()


def listen(machine, port: int) -> None:
    machine.run(f"systemd-run --quiet --unit=listen-{port} python3 -m http.server --bind 0.0.0.0 {port}")
    machine.wait_until(lambda: f":{port} " in machine.run("ss -Hlnt"), f"nothing listens on {port}")


@pytest.fixture(scope="module", autouse=True)
def deployed(bare, operator):
    operator.run("deploy", *operator.first_options)


def test_what_the_list_of_ports_says_gets_through_and_nothing_else(bare, network):
    assert {port: network.tcp(port) for port in (22, 443, 7881)} == {22: "open", 443: "open", 7881: "open"}
    listen(bare, 8080)
    assert {port: network.tcp(port) for port in (80, 3001, 7880, 8080, *PORTS_OF_DATABASES)} == {
        80: "rejected", 3001: "rejected", 7880: "rejected", 8080: "rejected", 5432: "rejected", 6379: "rejected"}


@pytest.mark.parametrize("port, arrives", [(443, None), (49999, False), (50000, True), (55000, True), (60000, True), (60001, False)])
def test_datagrams_arrive_in_the_range_for_media_alone(bare, network, port, arrives):
    if arrives is None:
        # Caddy has it: it answers an unknown version of QUIC with those that it knows.
        assert network.answers_quic()
    else:
        assert network.udp(bare, port) == arrives


def test_oracle_s_own_rules_stay(bare):
    now = rules(bare)
    for rule in ("-A OUTPUT -d 169.254.0.0/16 -j InstanceServices", "-A INPUT -p udp -m udp --sport 123 -j ACCEPT"):
        assert rule in now, now
    assert [rule for rule in now if rule.startswith("-A InstanceServices")] != []
    incoming = [rule for rule in now if rule.startswith("-A INPUT")]
    assert incoming[-1] == "-A INPUT -j REJECT --reject-with icmp-host-prohibited"
    text = bare.run("cat /etc/iptables/rules.v4")
    assert "InstanceServices" in text and text.index("livekit-conference") < text.index("-A INPUT -j REJECT")


def test_port_80_is_let_in_when_asked_for(bare, operator, network):
    operator.run("deploy", *operator.first_options, "--open-port-80")
    assert network.tcp(80) == "refused"
    operator.run("deploy", *operator.first_options)
    assert network.tcp(80) == "rejected"


def test_rules_that_would_cut_off_ssh_are_taken_back_by_the_host_itself(bare, operator, network):
    before, file = rules(bare), bare.run("cat /etc/iptables/rules.v4")
    status, output = operator.try_run("deploy", *operator.first_options, "--ssh-from", "192.0.2.0/24", FIREWALL_TRIAL="5", SSH_TIMEOUT="3")
    assert status == 1 and "the new rules would cut off SSH" in output, output
    bare.wait_until(lambda: rules(bare) == before, "the rules were not taken back")
    assert network.tcp(22) == "open"
    assert bare.run("cat /etc/iptables/rules.v4") == file


def test_ssh_can_be_kept_to_a_network(bare, operator, network):
    output = operator.run("deploy", *operator.first_options, "--ssh-from", f"{ELSEWHERE}/32", address=ELSEWHERE)
    assert "IPv4: rule goes -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT" in output
    assert network.tcp(22) == "rejected"
    bare.run("iptables-restore /etc/iptables/rules.v4")
    assert network.tcp(22) == "rejected"
    again = operator.run("deploy", *operator.first_options, "--ssh-from", f"{ELSEWHERE}/32", address=ELSEWHERE)
    assert "Nothing changed." in again


def test_another_firewall_is_left_alone_and_told_what_to_let_in(bare, operator):
    bare.write("/usr/sbin/ufw", "#!/bin/sh\necho 'Status: active'\n", 0o755)
    bare.run("systemd-run --quiet --unit=ufw sleep infinity")
    before = rules(bare)
    # The only one from whom SSH is let in by now.
    status, output = operator.try_run("deploy", *operator.first_options, address=ELSEWHERE)
    bare.run("systemctl stop ufw && rm /usr/sbin/ufw")
    assert status == 1 and "the firewall here is ufw" in output and "needed: -p udp -m udp --dport 50000:60000" in output, output
    assert rules(bare) == before


def test_a_host_without_rules_gets_a_set_that_rejects_the_rest(bare, operator, network):
    bare.run("iptables -F && iptables -X && rm /etc/iptables/rules.v4")
    assert network.tcp(8080) == "open"
    operator.run("deploy", *operator.first_options)
    assert {port: network.tcp(port) for port in (22, 443, 7881, 8080, 3001)} == {
        22: "open", 443: "open", 7881: "open", 8080: "rejected", 3001: "rejected"}


def test_the_rules_are_there_after_a_boot(bare, network):
    bare.reboot()
    network.connect(bare)
    assert network.tcp(443) == "open" and network.tcp(3001) == "rejected"
