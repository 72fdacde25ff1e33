"""Certificates from a certificate authority that really looks: a second Caddy, which speaks ACME as Let's Encrypt does."""

import pytest

from administrator import configured
from installing import HOST

AUTHORITY = "ca.test:9443"
# Another name than that of the Caddy under test, which has an authority too.
CONFIGURATION = """\
{
    admin off
    auto_https disable_redirects
    skip_install_trust
    storage file_system /var/lib/authority
    pki {
        ca local {
            name "An Authority"
        }
    }
}
https://%s {
    tls internal
    acme_server {
        challenges %s
    }
}
"""


@pytest.fixture(scope="module")
def authority(machine):
    """authority(CHALLENGE) makes it grant certificates by that challenge alone, after none was granted."""
    machine.run(f"echo '127.0.0.1 {HOST} ca.test' >>/etc/hosts")

    def authority(challenge: str) -> None:
        machine.write("/etc/authority.caddyfile", CONFIGURATION % (AUTHORITY, challenge))
        machine.run("systemctl stop authority 2>/dev/null; rm -rf /var/lib/caddy/.local/share/caddy/certificates"
                    " && systemd-run --quiet --unit=authority --setenv=HOME=/root"
                    " caddy run --adapter caddyfile --config /etc/authority.caddyfile")
        root = "/var/lib/authority/pki/authorities/local/root.crt"
        machine.wait_until(lambda: machine.try_run(f"curl --silent --cacert {root} https://{AUTHORITY}/acme/local/directory"
                                                   ).returncode == 0, "the authority does not answer")
        machine.run(f"cp {root} /usr/local/share/ca-certificates/authority.crt && update-ca-certificates")

    yield authority
    machine.run("systemctl stop authority")


def issuer(machine) -> str:
    return machine.try_run(f"openssl s_client -connect {HOST}:443 -servername {HOST} </dev/null 2>/dev/null | openssl x509 -noout -issuer"
                           ).stdout


@pytest.mark.parametrize(("challenge", "port_80"), [("tls-alpn-01", "closed"), ("http-01", "open")])
def test_a_certificate_is_granted(machine, authority, challenge, port_80):
    """By port 443 alone; by port 80 where that was opened."""
    authority(challenge)
    with configured(machine, PROXY_CERTIFICATES="acme", PROXY_PORT_80=port_80, ACME_DIRECTORY=f"https://{AUTHORITY}/acme/local/directory"):
        machine.wait_until(lambda: "An Authority" in issuer(machine), "no certificate was granted")
        assert (":80 " in machine.run("ss -Hlnt")) == (port_80 == "open")
        assert f'"challenge_type":"{challenge}"' in machine.journal("--unit=caddy")
        machine.wait_for_state("livekit-conference.service", "active")
        # Trusted as a browser trusts it.
        assert machine.run(f"curl --silent --output /dev/null --write-out '%{{http_code}}' https://{HOST}/health") == "200"
