"""What the documentation names has to exist: files, headings, commands, options, settings, units, addresses of the API.

usage: python3 documentation.py [FOLDER]    prints each thing that doesn't, and ends with 1 if there was one

Needs Python alone, since the stage `scripts` runs it. What needs the program is in test_documentation.py.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

# Folders of the checkout: what follows one of them in code is a path.
FOLDERS = r"(?:ansible-free-scripts|compose-dev|docs|migrations|packaging|Sources|systemd|Tests|frontend/(?:src|scripts))/"
# Units of other packages.
FOREIGN_UNITS = re.compile(r"(caddy|postgresql(@18-main)?|redis-server|prometheus|systemd-[a-z]+|ssh)(\.service|\.socket|\.timer)?")
# Names of PostgreSQL's.
FOREIGN_WORDS = {"commit_delay", "pg_test_fsync"}


@dataclass
class Page:
    """A Markdown file: its links and pieces of code with their lines, the anchors of its headings."""

    path: Path
    links: list[tuple[int, str]] = field(default_factory=list)
    code: list[tuple[int, str]] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self):
        fence = ""
        for number, line in enumerate(self.path.read_text().splitlines(), 1):
            mark = re.match(r"\s*(```+)", line)
            if mark and fence in ("", mark[1]):
                fence = "" if fence else mark[1]
            elif fence and self.code and self.code[-1][1].endswith("\\"):
                began, code = self.code.pop()
                self.code.append((began, code[:-1] + line.strip()))
            elif fence:
                self.code.append((number, line))
            else:
                self.read_text(number, line)

    def read_text(self, number: int, line: str):
        self.code += [(number, code) for code in re.findall(r"`([^`]+)`", line)]
        self.links += [(number, target) for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]+`", "code", line))]
        if heading := re.match(r"#+ (.*)", line):
            self.anchors.add(anchor(heading[1]))


def anchor(heading: str) -> str:
    """The anchor that Markdown's readers give a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def commands(code: str):
    """(program, arguments) of each command in a line of code."""
    for part in re.split(r"&&|\|\||[|;()]|(?:^|\s)#\s.*", code):
        words = [word for word in part.split() if not re.match(r"\w+=|[<>]", word)]
        while words and words[0] in ("sudo", "env", "exec", "$", "!", "."):
            words.pop(0)
        if words:
            yield words[0], words[1:]


def misused(help_text: str, arguments: list[str], title: str) -> list[str]:
    """What of the arguments the help doesn't know: options, and the first operand where it lists commands."""
    wrong = []
    for argument in arguments:
        option = re.match(r"--[a-z0-9-]+", argument)
        if option and not re.search(re.escape(option[0]) + r"(?![\w-])", help_text):
            wrong.append(f"{title} has no option {option[0]}")
    if arguments and re.match(r"[a-z]", arguments[0]) and re.search(r"^usage: \S+ COMMAND", help_text, re.I | re.M):
        if not re.search(rf"^  {re.escape(arguments[0])}\b", help_text, re.M):
            wrong.append(f"{title} has no command {arguments[0]}")
    return wrong


class Checkout:
    def __init__(self, folder: Path):
        self.folder = folder
        listed = subprocess.run(
            ["git", "-C", folder, "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=True
        )
        self.files = [folder / name for name in listed.stdout.splitlines() if (folder / name).is_file()]
        self.pages = {path: Page(path) for path in self.files if path.suffix == ".md"}
        self.scripts = {
            path.name: path
            for path in self.files
            if path.parent in (folder / "ansible-free-scripts", folder / "packaging") and path.read_bytes()[:2] == b"#!"
        }
        self.units = {path.name for path in self.files if path.parent == folder / "systemd"}
        # Those that deploy writes on hosts which need them.
        for path in (folder / "ansible-free-scripts/lib/on-host").glob("*.sh"):
            self.units.update(re.findall(r"^[A-Z]+_UNIT=(\S+\.service)$", path.read_text(), re.MULTILINE))
        self.help = cache(self.help)

    def words(self) -> set[str]:
        """Every name in files that are not documentation, and in the table of settings."""
        found = set()
        for path in self.files:
            if path.suffix != ".md" or path.name == "configuration.md":
                found.update(re.findall(r"\w+", path.read_text(errors="ignore")), re.findall(r"\w+", path.name))
        return found | FOREIGN_WORDS

    def help(self, script: Path, option: str = "--help") -> str:
        return subprocess.run([script, option], capture_output=True, text=True, check=True, timeout=60).stdout

    def problems(self):
        """`FILE:LINE: what is wrong` for everything that is."""
        words = self.words()
        for page in self.pages.values():
            found = [(line, wrong) for line, target in page.links for wrong in self.wrong_link(page, target)]
            for line, code in page.code:
                found += [(line, wrong) for wrong in self.wrong_code(code, words)]
            yield from (f"{page.path.relative_to(self.folder)}:{line}: {wrong}" for line, wrong in sorted(found))

    def wrong_link(self, page: Page, target: str):
        if re.match(r"[a-z]+:", target):
            return
        name, _, fragment = target.partition("#")
        path = (page.path.parent / name).resolve() if name else page.path
        if not path.exists():
            yield f"the link {target} leads nowhere"
        elif fragment and path in self.pages and fragment not in self.pages[path].anchors:
            yield f"the link {target} names no heading"

    def wrong_code(self, code: str, words: set[str]):
        for name in re.findall(r"(?<![\w$-])\$?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?![\w])", code):
            # A field of the journal is a field of the log in upper case.
            if not {name, name.lower()} & words:
                yield f"nothing has the name {name}"
        for path in re.findall(rf"(?<![\w/.-]){FOLDERS}[\w./@+-]*", code):
            exact = path.rstrip(".")
            if not (self.folder / exact).exists() and not re.search(rf"{re.escape(exact)}[\w.-]*[*\[{{]|NNNN|NAME", code):
                yield f"there is no {exact}"
        for unit in re.findall(r"[a-z][\w@-]*\.(?:service|socket|target|timer)\b(?!\.d)", code):
            if not self.has_unit(unit):
                yield f"there is no unit {unit}"
        for address in re.findall(r"/api/v1/[\w/{}$.-]+|/health[/\w]*", code):
            if not self.has_address(address):
                yield f"the API has no {address}"
        for program, arguments in commands(code):
            yield from self.wrong_command(program, arguments)

    def has_unit(self, unit: str) -> bool:
        template = re.sub(r"@[^.]*", "@", unit)
        names = {template + kind for kind in ("", ".service", ".target", ".socket", ".timer")}
        return bool(names & self.units or FOREIGN_UNITS.fullmatch(unit))

    def has_address(self, address: str) -> bool:
        return any(re.fullmatch(pattern, address.rstrip(".")) for pattern in self.address_patterns())

    def address_patterns(self) -> list[str]:
        paths = json.loads((self.folder / "frontend/openapi.json").read_text())["paths"]
        return [re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(path)) for path in paths]

    def wrong_command(self, program: str, arguments: list[str]):
        name = program.removeprefix("./")
        script = self.scripts.get(Path(name).name)
        if script and name in (script.name, str(script.relative_to(self.folder))):
            yield from misused(self.help(script), arguments, script.name)
            if script.name == "test":
                known = self.help(script, "--list")
                for option, stage in zip(arguments, arguments[1:]):
                    if option in ("--only", "--from") and not re.search(rf"^{re.escape(stage)}\b", known, re.M) and stage.islower():
                        yield f"test has no stage {stage}"
        elif program in ("systemctl", "journalctl"):
            follows = {"systemctl": arguments[1:], "journalctl": [after for before, after in zip(arguments, arguments[1:]) if before == "-u"]}
            for unit in follows[program]:
                if re.fullmatch(r"[a-z][\w@.-]*", unit) and not self.has_unit(unit):
                    yield f"there is no unit {unit}"


def main() -> int:
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    problems = list(Checkout(folder).problems())
    print("\n".join(problems) or "documentation: nothing is named that isn't there")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
