"""The program's commands as the documentation shows them."""

import re
import subprocess

import pytest

from conftest import ROOT
from documentation import Checkout, commands, misused


@pytest.fixture(scope="module")
def help_of(binary):
    """help_of(COMMAND) -> what --help says; of "" the list of commands."""
    texts = {}

    def read(command: str) -> str:
        if command not in texts:
            arguments = [command, "--help"] if command else ["help"]
            texts[command] = subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=20).stdout
        return texts[command]

    return read


def names_of_commands(help_of) -> set[str]:
    return set(re.findall(r"^  ([a-z][a-z-]+) ", help_of(""), re.MULTILINE))


def test_commands_in_the_documentation_are_the_programs(help_of):
    known, wrong, seen = names_of_commands(help_of), [], 0
    for page in Checkout(ROOT).pages.values():
        for line, code in page.code:
            for program, arguments in commands(code):
                if program.rsplit("/")[-1] not in ("livekit-conference", "livekit-conference-run") or not arguments:
                    continue
                seen += 1
                place, command = f"{page.path.relative_to(ROOT)}:{line}", arguments[0]
                if command in known:
                    wrong += [f"{place}: {what}" for what in misused(help_of(command), arguments[1:], command)]
                elif re.match(r"[a-z]", command):
                    wrong.append(f"{place}: no command {command}")
    assert seen > 5
    assert not wrong, "\n".join(wrong)


def test_the_manual_page_is_what_help_says(binary):
    done = subprocess.run([ROOT / "packaging/manuals", "--program", binary, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# Metrics


@pytest.fixture(scope="module")
def documented() -> dict[str, tuple[str, str]]:
    """What docs/metrics.md says of each metric: type and meaning."""
    text = (ROOT / "docs/metrics.md").read_text()
    return {name: (kind, meaning) for name, kind, meaning in re.findall(r"^\| `(\w+)` \| (\w+) \|[^|]*\| (.*) \|$", text, re.MULTILINE)}


def test_every_metric_is_documented(documented):
    made = re.compile(r'\.(?:counter|gauge|histogram|observedCounter|observedGauge)\(\s*"(\w+)"')
    there = {name for file in (ROOT / "Sources").rglob("*.swift") for name in made.findall(file.read_text())}
    assert there == documented.keys()


def test_metrics_are_what_the_documentation_says(server, documented):
    text = server.client().get("/metrics").text
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
    told = {name: (kinds[name], meaning) for name, meaning in re.findall(r"^# HELP (\w+) (.*)$", text, re.MULTILINE)}
    assert len(told) > 20
    assert told == {name: documented[name] for name in told}


def test_alerts_speak_of_metrics_that_there_are(documented):
    rules = re.findall(r"expr: (.*)", (ROOT / "packaging/alerts.yml").read_text())
    named = {name for rule in rules for name in re.findall(r"\b([a-z]+(?:_[a-z]+)+)\b(?!\s*\(|=)", rule)}
    assert rules
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in named} - documented.keys() == set()


# Examples


def test_the_api_s_examples_work(make_server, tmp_path):
    """Every block of commands in docs/api.md, one after the other in one shell."""
    server = make_server().migrate_and_seed().start()
    blocks = re.findall(r"^```bash\n(.*?)^```$", (ROOT / "docs/api.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 6
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "".join(blocks)], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**server.plain_environment(), "API": server.url, "NO_PROXY": "*"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for seen in ('"email": "member@example.com"', "/join/", '"status": "admitted"', '"Grace"', '"pointer": "/title"', "Every week", "event: ready"):
        assert seen in done.stdout, f"{seen} is missing in:\n{done.stdout}"
