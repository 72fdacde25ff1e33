"""A clean minimal Debian after `apt install ./dist/*.deb`, and after it was configured and booted again."""

import re
import subprocess


from administrator import API, Administrator

OURS = (
    "livekit-conference.service", "livekit-conference.socket", "livekit-conference.target", "livekit-conference-recover.timer",
    "livekit-conference-retention.timer", "livekit-conference-watch.timer", "livekit-conference-backup.timer",
    "livekit-server.service", "livekit-egress.service", "caddy.service", "redis-server.service", "postgresql@18-main.service",
)
# Ours, and those that we add drop-ins to.
VERIFIED = (*OURS[:10], "livekit-conference-retention.service", "livekit-conference-watch.service",
            "livekit-conference-backup.service", "livekit-conference-config.service", "livekit-conference-migrate.service",
            "livekit-conference-recover.service", "livekit-conference-report@x.service", "redis-server.service")
# What lintian says of the programs that stand in for LiveKit's: a script, and a statically linked busybox.
OF_STAND_INS = "python3-script-but-no-python3-dep,statically-linked-binary,uses-dpkg-database-directly"
CREDENTIALS = "/etc/livekit-conference/credentials"


# Before it is configured


def test_apt_says_what_to_do_and_nothing_has_failed(installation):
    assert "installed, but not started: the configuration is not complete yet" in installation.output
    assert "PUBLIC_URL is set but empty" in installation.output
    assert "livekit-conference-check && systemctl enable --now livekit-conference.target" in installation.output
    assert installation.is_running == "running" and installation.failed == ""


def test_nothing_listens_on_other_addresses_before_it_is_configured(installation):
    addresses = {line.split()[4] for line in installation.listening.splitlines()}
    assert addresses == {"127.0.0.1:6379"}, installation.listening


def test_lintian_finds_nothing(setting):
    packages = [str(package) for package in setting.packages.glob("*.deb")]
    done = subprocess.run(
        ["lintian", "--allow-root", "--fail-on=error,warning", "--suppress-tags", OF_STAND_INS, *packages],
        capture_output=True, text=True,
    )
    assert done.returncode == 0 and done.stdout == "", done.stdout + done.stderr


def test_symbols_are_in_a_package_of_their_own(setting, installation):
    program = installation.layer / "usr/bin/livekit-conference"
    notes = subprocess.run(["readelf", "--notes", "--sections", "--wide", program], check=True, capture_output=True, text=True).stdout
    assert ".symtab" not in notes and ".debug_info" not in notes
    build = re.search(r"Build ID: ([0-9a-f]+)", notes)[1]
    listed = subprocess.run(["dpkg-deb", "--contents", setting.package("livekit-conference-dbgsym")], check=True, capture_output=True,
                            text=True).stdout
    assert f"/usr/lib/debug/.build-id/{build[:2]}/{build[2:]}.debug" in listed


# After a boot


def test_the_package_of_symbols_tells_the_line_of_an_address(machine, setting):
    machine.copy(setting.package("livekit-conference-dbgsym"), "/root/symbols")
    machine.run("apt-get -y install /root/symbols/*.deb")
    file = next((machine.root / "usr/lib/debug/.build-id").rglob("*.debug"))
    symbols = subprocess.run(["nm", file], check=True, capture_output=True, text=True).stdout
    addresses = re.findall(r"^(\w+) [Tt] \$s8Postgres15MigrationRunnerV", symbols, re.MULTILINE)
    assert addresses
    lines = subprocess.run(["addr2line", "-e", file, *addresses], check=True, capture_output=True, text=True).stdout
    assert re.search(r"/Sources/Postgres/Migrations/MigrationRunner\.swift:[0-9]+$", lines, re.MULTILINE), lines[:1000]


def test_everything_runs(machine):
    assert machine.run("systemctl is-system-running") == "running"
    assert {unit: machine.state(unit) for unit in OURS} == {unit: "active" for unit in OURS}


def test_health_answers_by_the_socket_and_through_caddy(machine):
    for url in (API, "https://127.0.0.1"):
        answer = Administrator(machine, url).get("/health")
        assert answer.status_code == 200
        states = {service["service"]: service["status"] for service in answer.json()["services"]}
        assert states["postgresql"] == states["redis"] == "ok" and states["storage"] == "failed"
    machine.wait_until(lambda: livekit_state(machine) == "ok", "the API did not find LiveKit")


def livekit_state(machine) -> str:
    services = Administrator(machine, API).get("/health").json()["services"]
    return next(service["status"] for service in services if service["service"] == "livekit")


def test_units_started_in_order(machine):
    def moment(unit: str, name: str) -> int:
        value = int(machine.show(unit, f"{name}TimestampMonotonic"))
        assert value > 0, f"{unit} has no {name}"
        return value

    written = moment("livekit-conference-config.service", "ExecMainExit")
    for unit in ("livekit-server.service", "livekit-egress.service", "caddy.service"):
        assert written <= moment(unit, "ExecMainStart"), unit
    api = moment("livekit-conference.service", "ExecMainStart")
    assert moment("livekit-conference.socket", "ActiveEnter") <= api
    assert moment("postgresql@18-main.service", "ActiveEnter") <= moment("livekit-conference-migrate.service", "ExecMainStart")
    assert moment("livekit-conference-migrate.service", "ExecMainExit") <= api
    assert moment("redis-server.service", "ActiveEnter") <= api


def test_systemctl_status_reads_well(machine):
    text = machine.run("systemctl status --no-pager --full livekit-conference")
    assert "Videoconference: API" in text and "active (running)" in text
    # The machine has no object storage.
    assert re.search(r'^ +Status: "Ready; listening on 127\.0\.0\.1:3001\. Not well: storage failed', text, re.MULTILINE), text
    for unit in ("livekit-server", "livekit-egress"):
        assert re.search(r"livekit-conference\.service|Videoconference: LiveKit", machine.run(f"systemctl status --no-pager {unit}"))


def test_the_journal_tells_of_a_start_and_of_one_meeting(machine, administrator):
    lines = machine.journal("--unit=livekit-conference").splitlines()
    assert "main: ready" in lines
    first, second = administrator.make_meeting("First"), administrator.make_meeting("Second")
    administrator.join(first, "Ann")
    found = machine.journal(f"MEETING_ID={first['id']}")
    assert "http_route=/api/v1/join/{code}" in found and second["id"] not in found
    assert len(found.splitlines()) >= 2
    assert machine.journal(f"MEETING_ID={second['id']}").count("http_route=/api/v1/meetings ") == 1


def test_the_sandbox_leaves_an_exposure_of_at_most_1(machine):
    text = machine.run("systemd-analyze security --no-pager livekit-conference.service")
    assert float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", text)[1]) <= 1.0, text


def test_the_units_are_right(machine):
    # A minimal system has no manual pages.
    assert machine.run(f"systemd-analyze verify --man=no {' '.join(VERIFIED)}") == ""


# Media before the rest


def test_calls_go_before_the_rest_when_the_machine_is_busy(machine):
    """Processor, disk, and who is ended when memory runs out. As systemd has it: in a container nobody may be protected from the end."""
    ranks = ("livekit-server.service", "caddy.service", "livekit-conference.service", "livekit-egress.service")
    for name in ("CPUWeight", "IOWeight"):
        weights = [int(machine.show(unit, name)) for unit in ranks]
        assert weights == sorted(weights, reverse=True) and weights[0] > weights[1] and weights[-1] < 100, (name, weights)
    scores = [int(machine.show(unit, "OOMScoreAdjust")) for unit in ranks]
    assert scores == sorted(set(scores)) and scores[-1] > 0, scores
    # What isn't media has a limit.
    assert machine.show("livekit-server.service", "MemoryMax") == "infinity"
    for unit in ranks[2:]:
        high, limit = (int(machine.show(unit, name)) for name in ("MemoryHigh", "MemoryMax"))
        assert high < limit < memory(machine), unit


def test_postgresql_and_redis_are_set_up_for_the_size_of_the_machine(machine):
    def part(parts: int, least: int, most: int) -> int:
        return min(max((memory(machine) >> 20) // parts, least), most)

    rows = machine.run("psql --no-psqlrc -At -c 'SELECT name, setting FROM pg_settings' postgres", user="postgres").splitlines()
    settings = dict(row.split("|", 1) for row in rows if "|" in row)
    assert int(settings["server_version_num"]) >= 180001 and settings["listen_addresses"] == ""
    # In blocks of 8 KiB.
    assert int(settings["shared_buffers"]) == part(8, 128, 2048) * 128
    lines = machine.run("REDISCLI_AUTH=$(sed -n 's/^requirepass //p' /etc/redis/livekit-conference.conf) redis-cli --raw CONFIG GET"
                        " maxmemory maxmemory-policy appendonly save bind").splitlines()
    assert dict(zip(lines[::2], lines[1::2])) == {
        "maxmemory": str(part(16, 64, 1024) << 20), "maxmemory-policy": "volatile-lru", "appendonly": "yes", "save": "",
        "bind": "127.0.0.1"}


def memory(machine) -> int:
    return 1024 * int(re.search(r"MemTotal: +(\d+)", machine.run("cat /proc/meminfo"))[1])


def test_sockets_may_have_the_buffers_that_media_needs(machine):
    sizes = dict(re.findall(r"^(net\.core\.[rw]mem_max) *= *(\d+)", machine.run("/usr/lib/systemd/systemd-sysctl --cat-config"), re.M))
    assert all(int(sizes[f"net.core.{kind}mem_max"]) >= 5_000_000 for kind in "rw"), sizes


def test_livekit_is_started_only_with_a_right_configuration_and_is_there_once_it_is_ready(machine):
    machine.run("{ cat /var/lib/livekit-conference-config/livekit.yaml; echo 'colour: blue'; } >/run/wrong.yaml")
    done = machine.try_run("/usr/lib/livekit-server/check-config /run/wrong.yaml")
    assert done.returncode == 78 and "field colour not found" in done.stdout
    # It answers 406 at first.
    machine.run("systemctl restart livekit-server")
    assert machine.run("curl --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:7880/") == "200"


def test_chrome_is_in_memory_before_the_recorder_starts(machine):
    lines = machine.journal("--unit=livekit-egress", "--boot").splitlines()
    started = [line for line in lines if line.startswith(("warm-up:", "egress:"))]
    assert started[:2] == ["warm-up: chromium is in memory", started[1]] and "service ready" in started[1], lines


# Logs


def test_every_log_is_in_the_journal_which_can_not_fill_the_disk(machine):
    assert re.search(r"/var/log/journal/\S+\) is \S+, max 1G", machine.journal("--unit=systemd-journald")), "the journal has no limit"
    for match, line in (("--identifier=postgresql", "database system is ready"), ("--unit=redis-server", "Ready to accept connections"),
                        ("--unit=caddy", "serving initial configuration"), ("--unit=livekit-server", "starting LiveKit server")):
        assert line in machine.journal(match, "--boot"), match


# Ports


def listed_ports(machine) -> dict[tuple[str, str], tuple[str, str]]:
    """(protocol, port or range): (address, program), of the file of ports."""
    lines = machine.run("cat /usr/share/livekit-conference/ports").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {(row[1], row[2]): ("loopback" if row[3] == "loopback" else "any", row[4]) for row in rows}


def listening_ports(machine) -> dict[tuple[str, str], set[tuple[str, str]]]:
    found = {}
    for line in machine.run("ss -Hlntup").splitlines():
        protocol, _, _, _, local, _, users = line.split(maxsplit=6)
        address, port = local.rsplit(":", 1)
        kind = "loopback" if address.strip("[]").split("%")[0] in ("127.0.0.1", "::1") else "any"
        programs = {name for name in re.findall(r'\("([^"]+)"', users) if name != "systemd"}
        found.setdefault((protocol, port), set()).update((kind, program) for program in programs)
    return found


def test_nothing_listens_beyond_the_list_of_ports(machine):
    listed, listening = listed_ports(machine), listening_ports(machine)
    for key, found in listening.items():
        assert key in listed, f"{key} is not in the list: {found}"
        address, program = listed[key]
        # The kernel keeps 15 characters of a program's name.
        assert found == {(address, program[:15])}, f"{key}: {found} is not what the list says: {listed[key]}"
    for key in (("tcp", "443"), ("udp", "443"), ("tcp", "7881"), ("tcp", "3001"), ("tcp", "7880"), ("tcp", "6379")):
        assert key in listening, f"nothing listens on {key}"


# Secrets


def secrets(machine) -> dict[str, str]:
    folder = machine.root / CREDENTIALS.lstrip("/")
    values = {file.name: file.read_text().strip() for file in folder.iterdir()}
    values["redis password"] = re.search(r"//:([^@]+)@", values["redis_url"])[1]
    # What has no secret in it may be printed.
    return {name: value for name, value in values.items() if name not in ("database_url", "livekit_api_key", "s3_access_key")}


def test_secrets_are_made_and_are_roots_alone(machine):
    assert machine.run(f"stat -c '%a %U' {CREDENTIALS}") == "700 root"
    modes = machine.run(f"stat -c '%a %U' {CREDENTIALS}/* /etc/livekit-conference/livekit-conference.env").splitlines()
    assert set(modes) == {"600 root"}
    assert len(secrets(machine)["session_secret"]) == len(secrets(machine)["livekit_api_secret"]) == 64
    for file, expected in (("livekit.yaml", "600 livekit-conference"), ("egress.yaml", "600 livekit-conference")):
        assert machine.run(f"stat -c '%a %U' /var/lib/livekit-conference-config/{file}") == expected
    assert machine.run("stat -c '%a %U %G' /etc/redis/livekit-conference.conf") == "640 root redis"
    denied = machine.try_run(f"cat {CREDENTIALS}/session_secret", user="livekit-conference")
    assert denied.returncode != 0 and "Permission denied" in denied.stdout


def test_secrets_are_printed_nowhere(machine, installation):
    everything = {
        "apt": installation.output + installation.started,
        "the journal": machine.run("journalctl --no-pager --output=export"),
        "the process list": machine.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '"),
        "the environment of processes": machine.run("cat /proc/[0-9]*/environ | tr '\\0' ' '"),
        "apt's own log": machine.run("cat /var/log/apt/term.log"),
    }
    for name, value in secrets(machine).items():
        assert len(value) >= 16
        assert [place for place, text in everything.items() if value in text] == [], name


def test_the_database_role_has_no_rights_but_on_its_database(machine):
    rights = machine.run(
        "psql --no-psqlrc -At -c \"SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles"
        " WHERE rolname = 'livekit-conference'\" postgres", user="postgres")
    assert rights == "f|f|f|f|f"
    owner = machine.run("psql --no-psqlrc -At -c \"SELECT datdba::regrole, datacl FROM pg_database WHERE datname ="
                        " 'livekit_conference'\" postgres", user="postgres")
    assert owner.startswith('"livekit-conference"|') and "{=" not in owner
