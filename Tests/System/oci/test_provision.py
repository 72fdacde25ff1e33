"""provision-oci and destroy-oci, each from an operator's chair."""

import os
import random
import signal
import subprocess

import pytest

from conftest import CLIENT, SCRIPTS
from stand_in_oci import USER

KINDS = ["vcns", "internetGateways", "subnets", "networkSecurityGroups", "instances", "publicIps", "policies"]

# What packaging/ports opens: written out, so that a changed list is noticed here.
WORLD = "0.0.0.0/0"
RULES = {
    ("6", 22, 22, "198.51.100.7/32"),
    ("6", 443, 443, WORLD),
    ("17", 443, 443, WORLD),
    ("6", 7881, 7881, WORLD),
    ("17", 50000, 60000, WORLD),
}


def assert_complete(oracle, operator) -> None:
    assert {kind: len(oracle.of(kind)) for kind in KINDS} == {kind: 1 for kind in KINDS}
    assert oracle.ingress() == RULES
    instance, address = oracle.of("instances")[0], oracle.of("publicIps")[0]
    assert instance["lifecycleState"] == "RUNNING"
    assert instance["shapeConfig"] == {"ocpus": 2, "memoryInGBs": 12}
    assert instance["createVnicDetails"]["assignPublicIp"] is False
    assert instance["createVnicDetails"]["nsgIds"] == [oracle.of("networkSecurityGroups")[0]["id"]]
    assert address["privateIpId"] == instance["id"] + ".private"
    assert oracle.of("securityLists")[-1]["ingressSecurityRules"] == []
    assert oracle.of("routeTables")[-1]["routeRules"][0]["networkEntityId"] == oracle.of("internetGateways")[0]["id"]
    bucket = oracle.buckets["livekit-conference-recordings"]
    assert bucket["publicAccessType"] == "NoPublicAccess"
    assert oracle.lifecycles["livekit-conference-recordings"][0]["action"] == "ABORT"
    secret = operator.outcome / "s3.env"
    assert secret.stat().st_mode & 0o777 == 0o600
    values = dict(line.split("=", 1) for line in secret.read_text().splitlines())
    assert oracle.keys[values["S3_ACCESS_KEY"]]["key"] == values["S3_SECRET_KEY"]
    assert f"ADDRESS={address['ipAddress']}" in (operator.outcome / "host.env").read_text()


def deployment(operator) -> tuple[str, list[str]]:
    """Address and settings that deploy --provisioned takes from what was left."""
    script = (f"cd {SCRIPTS} && source lib/common.sh && source lib/problems.sh && source lib/deploy.sh && WORK=$(mktemp -d) ADDRESS=''"
              " && read_provisioned livekit-conference && report_problems && echo $ADDRESS && cat $WORK/settings.env && rm -r $WORK")
    lines = subprocess.run(["bash", "-c", script], env=operator.environment, check=True, capture_output=True, text=True).stdout.splitlines()
    return lines[0], lines[1:]


def test_everything_is_made_from_nothing_and_a_second_run_changes_nothing(oracle, operator):
    first = operator.provision()
    assert first.returncode == 0, first.stdout
    assert_complete(oracle, operator)
    for key in oracle.keys.values():
        assert key["key"] not in first.stdout
    address, settings = deployment(operator)
    assert address == oracle.of("publicIps")[0]["ipAddress"]
    assert settings == [f"S3_ENDPOINT={oracle.url}", "S3_BUCKET=livekit-conference-recordings", "S3_REGION=eu-frankfurt-1"]
    changes = list(oracle.calls)
    second = operator.provision()
    assert second.returncode == 0, second.stdout
    assert oracle.calls == changes
    assert "Nothing changed." in second.stdout


def test_check_changes_nothing_and_says_what_is_missing(oracle, operator):
    checked = operator.provision("--check")
    assert checked.returncode == 0, checked.stdout
    assert oracle.calls == []
    assert "would: compartment livekit-conference" in checked.stdout
    assert not operator.outcome.joinpath("s3.env").exists()


# What may go, and what Oracle makes one delete before, or what has to be made anew with it.
DELETIONS = {
    "instances": set(), "publicIps": set(), "policies": set(), "routes": set(), "networkSecurityGroups": set(), "internetGateways": set(),
    "buckets": set(), "keys": set(), "subnets": {"instances"},
    "vcns": {"subnets", "internetGateways", "networkSecurityGroups", "instances"}, "compartments": set(KINDS),
}


# In two halves, because each run asks Oracle's client fifty times, which takes it a second each.
@pytest.mark.parametrize("kinds", [list(DELETIONS)[::2], list(DELETIONS)[1::2]], ids=", ".join)
def test_what_someone_deleted_is_made_again_and_nothing_else(oracle, operator, kinds):
    assert operator.provision().returncode == 0
    for kind in kinds:
        gone = DELETIONS[kind] | {kind}
        others = {k: [r["id"] for r in oracle.of(k)] for k in KINDS if k not in gone}
        oracle.remove(kind)
        again = operator.provision()
        assert again.returncode == 0 and "Nothing changed." not in again.stdout, again.stdout
        assert_complete(oracle, operator)
        assert {k: [r["id"] for r in oracle.of(k)] for k in others} == others, kind
    assert "Nothing changed." in operator.provision().stdout


def test_rules_and_a_bucket_that_someone_changed_are_repaired(oracle, operator):
    assert operator.provision().returncode == 0
    (rules,) = oracle.rules.values()
    del rules[1]
    rules.append({"id": "X", "direction": "INGRESS", "protocol": "6", "source": WORLD,
                  "tcpOptions": {"destinationPortRange": {"min": 5432, "max": 5432}}})
    oracle.of("securityLists")[0]["ingressSecurityRules"] = [{"protocol": "all", "source": WORLD}]
    oracle.of("instances")[0]["createVnicDetails"]["nsgIds"] = []
    oracle.buckets["livekit-conference-recordings"]["publicAccessType"] = "ObjectRead"
    oracle.lifecycles.clear()
    again = operator.provision()
    assert again.returncode == 0, again.stdout
    assert_complete(oracle, operator)
    # Other hosts' tunnels are let in where they come from.
    with_others = operator.provision("--peer", "203.0.113.9/32")
    assert with_others.returncode == 0, with_others.stdout
    assert oracle.ingress() == RULES | {("6", 7022, 7022, "203.0.113.9/32")}


def test_capacity_is_waited_for_over_the_availability_domains(oracle, operator):
    oracle.faults["capacity"] = 4
    done = operator.provision()
    assert done.returncode == 0, done.stdout
    assert "AD-3 has no room for this shape now (round 1)" in done.stdout
    assert oracle.of("instances")[0]["availabilityDomain"].endswith("AD-2")


def test_without_capacity_the_limit_ends_it_with_advice_and_the_next_run_goes_on(oracle, operator):
    oracle.faults["capacity"] = 1000
    done = operator.provision("--wait-capacity", "0")
    assert done.returncode == 1
    assert "Oracle has no room for the machine" in done.stdout and "--wait-capacity" in done.stdout
    oracle.faults.clear()
    assert operator.provision().returncode == 0
    assert_complete(oracle, operator)


def test_lag_rate_limits_and_slow_credentials_are_borne(oracle, operator):
    oracle.faults.update({"compartment-unknown": 3, "too-many-requests": 3, "key-unknown": 3})
    done = operator.provision()
    assert done.returncode == 0, done.stdout
    assert_complete(oracle, operator)
    assert oracle.faults["key-unknown"] == 0


def test_killed_after_any_change_the_next_runs_converge(oracle, operator):
    """One deployment, killed again and again: each run dies after its first, second or third change."""
    seed = int(os.environ.get("OCI_SEED", random.randrange(1 << 30)))
    print("OCI_SEED", seed)
    steps = random.Random(seed)
    kills = 0
    while True:
        goal = len(oracle.calls) + steps.randint(1, 3)
        done = operator.provision_until(oracle, lambda: len(oracle.calls) == goal)
        if done.returncode == 0:
            break
        kills += 1
    assert kills >= 4, done.stdout
    # A key whose secret died with the run is of no use to anyone.
    assert len(oracle.keys) == 1
    assert_complete(oracle, operator)


def test_a_key_whose_secret_was_lost_is_removed_and_no_other(oracle, operator):
    """The run dies the moment Oracle has made the key, before its secret is kept."""
    others = oracle.secret_keys("POST", USER, [], {"displayName": "livekit-conference"})["id"]
    die_with_the_key(oracle, operator)
    die_with_the_key(oracle, operator)
    done = operator.provision()
    assert done.returncode == 0 and "a secret key whose secret nobody has, removed" in done.stdout, done.stdout
    assert len(oracle.keys) == 2 and others in oracle.keys
    assert_complete(oracle, operator)
    (operator.outcome / "s3.env").unlink()
    full = operator.provision()
    assert full.returncode == 1
    assert "at most 2 customer secret keys" in full.stdout and "remove one that nothing uses" in full.stdout


def test_destroy_removes_a_key_whose_secret_was_lost(oracle, operator):
    die_with_the_key(oracle, operator)
    done = operator.run("destroy-oci", "--yes")
    assert done.returncode == 0, done.stdout
    assert oracle.keys == {}


def die_with_the_key(oracle, operator) -> None:
    keys = set(oracle.keys)
    done = operator.provision_until(oracle, lambda: bool(set(oracle.keys) - keys))
    assert done.returncode == -signal.SIGKILL, done.stdout


def test_every_problem_is_told_at_once_and_nothing_is_made(oracle, operator):
    oracle.faults["no-image"] = 1
    done = operator.run("provision-oci", "--ssh-from", "0.0.0.0/0", "--ssh-from", "10.0.0.1/8", "--ssh-key", "/nowhere.pub",
                        "--ocpus", "many", "--name", "Bad Name", "--region", "mars-1")
    assert done.returncode == 1
    for text in ("would open SSH to the world", "10.0.0.1/8 is not an IPv4 network", "/nowhere.pub can't be read", "--ocpus many",
                 "--name Bad Name", "not subscribed to the region mars-1", "no image"):
        assert text in done.stdout, text
    assert oracle.calls == []


def test_a_refused_account_is_told_in_words(oracle, operator):
    # By the client as people start it.
    operator.environment["PATH"] = f"{CLIENT}:{operator.environment['PATH']}"
    operator.write_profile(user="ocid1.user.oc1..other")
    done = operator.provision()
    assert done.returncode == 1
    assert "NotAuthenticated" in done.stdout and "fingerprint, user and tenancy" in done.stdout


def test_destroy_asks_keeps_the_bucket_and_removes_the_rest(oracle, operator):
    assert operator.provision().returncode == 0
    refused = operator.run("destroy-oci", typed="no\n")
    assert refused.returncode == 1 and "nothing was removed" in refused.stdout
    assert len(oracle.of("instances")) == 1
    done = operator.run("destroy-oci", typed="livekit-conference\n")
    assert done.returncode == 0, done.stdout
    assert {kind: oracle.of(kind) for kind in KINDS} == {kind: [] for kind in KINDS}
    assert oracle.keys == {}
    assert "livekit-conference-recordings" in oracle.buckets
    again = operator.run("destroy-oci", "--yes")
    assert again.returncode == 0 and "Nothing of" in again.stdout


def test_destroy_removes_the_bucket_only_when_told(oracle, operator):
    assert operator.provision().returncode == 0
    done = operator.run("destroy-oci", "--yes", "--delete-bucket")
    assert done.returncode == 0, done.stdout
    assert oracle.buckets == {}
