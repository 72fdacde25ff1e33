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
