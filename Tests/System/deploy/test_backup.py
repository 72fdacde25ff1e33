"""Backups in the bucket: made, proved, and restored on another machine."""

import re

import pytest

from network import SECOND_HOST

TABLES = "SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\\n'' ORDER BY t::text)) FROM %I AS t', tablename, tablename)" \
    " FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('service_leases') ORDER BY tablename \\gexec"
ROWS = """\
INSERT INTO accounts (email, display_name, role, password_hash)
SELECT 'member-' || n || '@example.org', 'Member ' || n || E' \\u00fc\\U0001f600', 'member', '$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA'
FROM generate_series(1, 500) AS n;
"""


def sql(machine, text: str, database: str = "livekit_conference") -> str:
    machine.write("/var/tmp/statements.sql", text)
    return machine.run(f"psql --no-psqlrc -At --quiet --set=ON_ERROR_STOP=1 --dbname={database} --file=/var/tmp/statements.sql", user="postgres")


def databases(machine) -> list[str]:
    return sql(machine, "SELECT datname FROM pg_database WHERE datname LIKE 'livekit%' ORDER BY datname", "postgres").splitlines()


@pytest.fixture(scope="module")
def key(operator) -> str:
    return f"{operator.folder}/backup.key"


@pytest.fixture(scope="module")
def backup(bare, operator, key) -> str:
    """The name of the first backup."""
    operator.run("deploy", *operator.first_options)
    sql(bare, ROWS)
    output = operator.run("backup", "--identity", key)
    assert f"a key in {key}" in output
    return re.search(r"stored backups/(\S+), \d+ bytes", output)[1]


def test_what_is_in_the_bucket_can_not_be_read_without_the_key(backup, operator, bare, storage):
    content = storage.get_object(Bucket="recordings", Key=f"backups/{backup}")["Body"].read()
    assert content.startswith(b"age-encryption.org/v1")
    secret = bare.run("cat /etc/livekit-conference/credentials/session_secret").encode()
    assert secret not in content and b"member-1@example.org" not in content and b"PGDMP" not in content
    # The host itself couldn't read it either.
    assert bare.try_run("grep -rl AGE-SECRET-KEY /etc /var /run /root /home /tmp").stdout == ""


def test_a_second_backup_is_listed_after_the_first_with_the_same_key(backup, operator, key):
    output = operator.run("backup", "--identity", key)
    second = re.search(r"stored backups/(\S+),", output)[1]
    assert "a key in" not in output
    assert operator.run("restore", "--list").split()[-2:] == [backup, second]


def test_old_backups_are_deleted(backup, bare, operator, key):
    bare.run("mkdir -p /run/systemd/system/livekit-conference-backup.service.d && printf '[Service]\\nEnvironment=BACKUPS_KEPT=2\\n'"
             " >/run/systemd/system/livekit-conference-backup.service.d/kept.conf && systemctl daemon-reload")
    newest = re.search(r"stored backups/(\S+),", operator.run("backup", "--identity", key))[1]
    kept = operator.run("restore", "--list").split()
    assert len(kept) == 2 and kept[-1] == newest and backup not in kept


def test_verify_compares_and_leaves_nothing_behind(backup, bare, operator, key):
    before = databases(bare)
    output = operator.run("restore", "--verify", "--identity", key)
    assert re.search(r"\d+ tables with \d+ rows are the same as when the backup was made", output), output
    assert databases(bare) == before == ["livekit_conference"]
    assert bare.try_run("ls /run/livekit-conference-backup.key").returncode != 0


def test_a_backup_that_was_changed_is_refused(backup, bare, operator, key, storage):
    newest = operator.run("restore", "--list").split()[-1]
    content = bytearray(storage.get_object(Bucket="recordings", Key=f"backups/{newest}")["Body"].read())
    content[len(content) // 2] ^= 1
    storage.put_object(Bucket="recordings", Key="backups/20991231T000000Z.tar.age", Body=bytes(content))
    status, output = operator.try_run("restore", "--identity", key, "--backup", "20991231T000000Z.tar.age")
    storage.delete_object(Bucket="recordings", Key="backups/20991231T000000Z.tar.age")
    assert status == 1 and "can't be decrypted: it was changed, or made for another key" in output, output
    assert databases(bare) == ["livekit_conference"] and bare.state("livekit-conference.service") == "active"


def test_another_key_is_refused_by_a_host_that_has_one(backup, operator, tmp_path):
    other = tmp_path / "other.key"
    other.write_text("# public key: age1" + "q" * 58 + "\nAGE-SECRET-KEY-1NONE\n")
    status, output = operator.try_run("backup", "--identity", str(other))
    assert status == 1 and "backups are made here for another key" in output
    status, output = operator.try_run("backup", "--identity", str(tmp_path / "none.key"))
    assert status == 1 and "makes backups for another key" in output and not (tmp_path / "none.key").exists()


def test_a_bucket_that_is_away_is_said(backup, bare, operator, key):
    bare.run("cp -p /etc/livekit-conference/livekit-conference.env /root/right.env && sed -i 's/:4566/:4567/' /etc/livekit-conference/livekit-conference.env")
    status, output = operator.try_run("backup", "--identity", key)
    bare.run("cp -p /root/right.env /etc/livekit-conference/livekit-conference.env")
    assert status == 1 and "the backup could not be stored in the bucket" in output, output


def test_a_new_machine_gets_the_old_one_s_data(backup, bare, operator, key, setting, network):
    operator.run("backup", "--identity", key)
    expected = sql(bare, TABLES)
    secret = bare.run("cat /etc/livekit-conference/credentials/session_secret")
    machine = setting.machine("second")
    try:
        machine.boot()
        operator.is_known_to(machine, SECOND_HOST)
        network.connect(machine, SECOND_HOST)
        machine.wait_for_state("ssh.service", "active")
        # No administrator of its own: the one that comes with the data counts.
        options = operator.first_options[:operator.first_options.index("--admin")]
        operator.run("deploy", *options, host=SECOND_HOST)
        assert sql(machine, TABLES) != expected
        output = operator.run("restore", "--identity", key, host=SECOND_HOST)
        assert "are the same as when the backup was made" in output and "canary: passed" in output, output
        assert sql(machine, "SELECT count(*) FROM accounts WHERE email LIKE 'member-%'") == "500"
        assert without_canary(sql(machine, TABLES)) == without_canary(expected)
        assert machine.run("cat /etc/livekit-conference/credentials/session_secret") == secret
        assert len(databases(machine)) == 2
    finally:
        machine.shut_down()


def without_canary(tables: str) -> list[str]:
    """The canary afterwards leaves its events and audit entries."""
    changed = ("analytics_events|", "audit_log|", "webhook_inbox|", "media_rooms|", "gatherings|", "participant_sessions|")
    return [line for line in tables.splitlines() if not line.startswith(changed)]
