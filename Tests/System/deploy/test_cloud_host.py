"""A host as Oracle gives it, whose release lacks PostgreSQL 18 and a new enough Caddy; the videoconference comes from a repository of its own, and
bucket and address from what provision-oci has left."""

import shutil
import subprocess
from pathlib import Path

import pytest

from network import SECOND_HOST, SECOND_OPERATOR
from operator_account import ADMINISTRATOR, SCRIPTS
from repositories import PORT, Repositories
from test_upgrade import Versions

BUILD_REPO = SCRIPTS.parent / "packaging/build-repo"
# As on a release that has neither.
LACKING = ("postgresql-18", "caddy")
SECRET_KEY = "a-secret-of-the-bucket"
PROVISIONED = f"ADDRESS={SECOND_HOST}\nS3_ENDPOINT=http://{SECOND_OPERATOR}:4566\nS3_BUCKET=cloud\nS3_REGION=us-east-1\n"
SETTINGS = "EGRESS_CPUS=0\n# There is no Let's Encrypt here.\nPROXY_CERTIFICATES=internal\n"


@pytest.fixture(scope="module")
def machine(setting, operator, network, storage):
    # provision-oci has made it.
    storage.create_bucket(Bucket="cloud")
    machine = setting.machine("cloud")
    for index in (machine.root / "var/lib/apt/lists").glob("*_Packages"):
        paragraphs = index.read_text().split("\n\n")
        index.write_text("\n\n".join(p for p in paragraphs if not p.startswith(tuple(f"Package: {name}\n" for name in LACKING))))
    try:
        machine.boot()
        operator.is_known_to(machine, SECOND_HOST)
        network.connect(machine, SECOND_HOST)
        machine.wait_for_state("ssh.service", "active")
        yield machine
    finally:
        machine.shut_down()
        shutil.rmtree(machine.root)


@pytest.fixture(scope="module")
def others(setting, network, machine, tmp_path_factory):
    """The repositories of PostgreSQL's and Caddy's makers."""
    others = Repositories(tmp_path_factory.mktemp("others"), network, setting.downloads)
    architecture = machine.run("dpkg --print-architecture")
    release = machine.run(". /etc/os-release && echo ${VERSION_CODENAME:-$ID}")
    others.add("postgresql", f"{release}-pgdg", architecture, ["postgresql-18_*.deb"])
    others.add("caddy", "any-version", architecture, ["caddy_*.deb"])
    yield others
    others.close()


def sources(others, folder: Path, fingerprint: str | None = None, caddy: str = "caddy") -> str:
    """A list as packaging/apt-sources is, with those."""
    base = f"http://{SECOND_OPERATOR}:{PORT}"
    file = folder / "apt-sources"
    file.write_text("# comment\n" + "".join(
        f"{package} {minimum} {base}/{path} {suite} main {base}/key.asc {fingerprint or others.fingerprint}\n" for package, minimum, path, suite in (
            ("postgresql-18", "18.1", "postgresql", "CODENAME-pgdg"), ("caddy", "2.8", caddy, "any-version"))))
    return str(file)


@pytest.fixture(scope="module")
def repository(setting, others):
    """repository(FOLDER) adds the packages in FOLDER to ours."""

    def add(packages: Path) -> None:
        subprocess.run([BUILD_REPO, "--from", packages, "--output", others.served / "ours", "--key", others.folder / "our-key",
                        "--url", f"http://{SECOND_OPERATOR}:{PORT}/ours"], check=True, stdin=subprocess.DEVNULL, capture_output=True)

    add(setting.packages)
    return add


@pytest.fixture(scope="module")
def options(operator, others, repository) -> list[str]:
    """Those of the first deployment, after provision-oci --name cloud."""
    folder = operator.folder / "config/livekit-conference/cloud"
    folder.mkdir(parents=True)
    for name, text in (("host.env", PROVISIONED), ("s3.env", f"S3_ACCESS_KEY=key-of-the-bucket\nS3_SECRET_KEY={SECRET_KEY}\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    (operator.folder / "cloud.env").write_text(SETTINGS)
    return ["--repository", f"http://{SECOND_OPERATOR}:{PORT}/ours", "--repository-key", str(others.served / "ours/livekit-conference.pgp"),
            "--environment", "staging", "--domain", "meet.test", "--provisioned", "cloud", "--settings", f"{operator.folder}/cloud.env",
            "--admin", ADMINISTRATOR, "--admin-password", f"{operator.folder}/password"]


@pytest.fixture(scope="module")
def cloud(operator, options, others, tmp_path_factory) -> dict:
    """What each run of deploy on that host needs."""
    return {"host": SECOND_HOST, "XDG_CONFIG_HOME": f"{operator.folder}/config", "DNS_POLL": "0.2",
            "APT_SOURCES": sources(others, tmp_path_factory.mktemp("sources"))}


def added_sources(machine) -> list[str]:
    return machine.run("ls /etc/apt/sources.list.d /usr/share/keyrings | grep livekit || true").split()


def test_a_key_that_is_not_the_expected_one_is_refused(machine, operator, others, options, cloud, tmp_path):
    wrong = "0123456789ABCDEF" * 2 + "01234567"
    status, output = operator.try_run("deploy", *options, **{**cloud, "APT_SOURCES": sources(others, tmp_path, wrong)})
    assert status == 1 and f"has {others.fingerprint}, packaging/apt-sources has {wrong}" in output and "nothing of it was used" in output, output
    assert added_sources(machine) == []


def test_a_repository_without_packages_for_the_release_is_taken_away_again(machine, operator, others, options, cloud, tmp_path):
    status, output = operator.try_run("deploy", *options, **{**cloud, "APT_SOURCES": sources(others, tmp_path, caddy="elsewhere")})
    assert status == 1 and "/elsewhere can't be used" in output and "it was taken away again" in output, output
    assert [name for name in added_sources(machine) if "caddy" in name] == []


@pytest.fixture(scope="module")
def first(machine, operator, options, cloud) -> str:
    """What the first run said. The name leads to the host only after a while."""
    process = operator.start("deploy", *options, **cloud)
    output = ""
    for line in process.stdout:
        output += line
        if f"meet.test is not known; waiting for {SECOND_HOST}" in line:
            operator.knows("meet.test", "192.0.2.1")
        elif f"meet.test is 192.0.2.1; waiting for {SECOND_HOST}" in line:
            operator.knows("meet.test", SECOND_HOST)
    assert process.wait() == 0, output
    return output


def test_it_waits_for_the_name_and_comes_to_a_passing_canary(first, machine):
    assert "meet.test is not known; waiting" in first and "meet.test is 192.0.2.1; waiting" in first
    for step in ("backend", "meeting", "join", "signalling", "webhook", "clean-up"):
        assert f"canary: passed {step}" in " ".join(first.split()), first
    assert machine.run("systemctl is-system-running") == "running"


def test_what_the_release_lacks_came_from_its_makers_and_their_key_signs_for_nothing_else(first, machine):
    for package, path in (("postgresql-18", "postgresql"), ("caddy", "caddy")):
        assert f"{SECOND_OPERATOR}:{PORT}/{path}" in machine.run(f"apt-cache policy {package}")
        source = machine.run(f"cat /etc/apt/sources.list.d/livekit-conference-{package}.sources")
        assert f"Signed-By: /usr/share/keyrings/livekit-conference-{package}.pgp" in source
    assert machine.run("ls /etc/apt/trusted.gpg.d | grep livekit || true") == ""


def test_address_bucket_and_key_are_those_that_were_provisioned(first, machine):
    text = machine.run("cat /etc/livekit-conference/livekit-conference.env")
    assert f"LIVEKIT_NODE_IP={SECOND_HOST}\n" in text and f"S3_ENDPOINT=http://{SECOND_OPERATOR}:4566\n" in text
    assert machine.run("cat /etc/livekit-conference/credentials/s3_secret_key") == SECRET_KEY
    assert SECRET_KEY not in first


def test_a_second_run_changes_nothing(first, machine, operator, options, cloud):
    output = operator.run("deploy", *options, **cloud)
    assert "Nothing changed." in output and " changed " not in output, output


def test_environments_differ_in_certificates_and_in_what_is_logged(first, machine):
    found = {}
    for name in ("local", "staging", "production"):
        settings = subprocess.run(
            ["bash", "-c", f"source {SCRIPTS}/lib/deploy.sh && environment_settings {name}"], check=True, capture_output=True, text=True).stdout
        rest = machine.run(f"grep -vE '^({'|'.join(['S3_ENDPOINT', *(line.split('=')[0] for line in settings.splitlines())])})=' /etc/livekit-conference/livekit-conference.env")
        # In production the bucket is reached by TLS.
        machine.write("/root/try.env", f"{settings}{rest}\nS3_ENDPOINT=https://storage.example.org\n", 0o600)
        run = "CREDENTIALS_DIRECTORY=/etc/livekit-conference/credentials livekit-conference"
        machine.run(f"{run} check-config --env-file /root/try.env && {run} service-config --env-file /root/try.env --directory /root")
        found[name] = machine.run("cat /root/Caddyfile"), settings
    local, staging, production = (found[name][0] for name in ("local", "staging", "production"))
    authority = "https://acme-staging-v02.api.letsencrypt.org/directory"
    assert "tls internal" in local and "acme" not in local
    assert f"acme_ca {authority}" in staging and f"dir {authority}" in staging and "tls internal" not in staging
    assert "issuer acme" in production and "staging" not in production and "tls internal" not in production
    assert [f"LOG_LEVEL={level}" in found[name][1] for name, level in (("local", "debug"), ("staging", "debug"), ("production", "info"))] == [True] * 3


def test_an_upgrade_comes_from_the_repository_and_goes_back(first, machine, operator, options, cloud, repository, setting, tmp_path):
    before = machine.run("dpkg-query --show --showformat='${Version}' livekit-conference")
    newer = Versions(tmp_path, setting.packages).make("newer", lambda tree: None)
    repository(newer)
    output = operator.run("deploy", *options, **cloud)
    assert f"install livekit-conference_{before}.newer" in output and "canary: passed" in output, output
    assert operator.try_run("rollback", host=SECOND_HOST)[0] == 0
    assert machine.run("dpkg-query --show --showformat='${Version}' livekit-conference") == before
    # With apt alone it goes as well.
    machine.run("apt-get -y upgrade livekit-conference", timeout=300)
    assert machine.run("dpkg-query --show --showformat='${Version}' livekit-conference") == f"{before}.newer"
    machine.wait_for_state("livekit-conference.service", "active")


def test_a_repository_signed_by_another_key_is_refused(first, machine, operator, options, cloud, others):
    wrong = list(options)
    other = others.folder / "other.pgp"
    other.write_bytes(subprocess.run(["gpg", "--homedir", others.home, "--batch", "--export"], check=True, capture_output=True).stdout)
    wrong[wrong.index("--repository-key") + 1] = str(other)
    status, output = operator.try_run("deploy", *wrong, **cloud)
    assert status == 1 and "/ours can't be read" in output and "--repository-key is its key" in output, output
    operator.run("deploy", *options, **cloud)
