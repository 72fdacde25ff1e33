"""Lists the messages of failures in the scripts that put the videoconference on hosts which no test mentions; fails when there are any.

usage: failure-messages.py CHECKOUT
"""

import re
import sys
from pathlib import Path

SCRIPTS = ("deploy", "rollback", "backup", "restore", "doctor", "provision-oci", "destroy-oci", "lib/*.sh", "lib/on-host/*.sh")
OTHERS = ("remote", "deploy", "outside", "firewall", "peers", "port-list", "problems", "oci", "oci-network", "oci-host", "oci-command")
MESSAGE = re.compile(
    r"""\b(?:fail|refuse|problem|usage_error|oci_usage_error|oci_fail)\s+"((?!\*\))(?:[^"\\]|\\.|\$\([^)]*\))*)"|printf 'problem ([^']*)'|WRONG="([^"\n]*)""")
# What a message has in it that isn't always the same.
VARYING = re.compile(r"""\$\{[^}]*\}|\$\([^)]*\)*|\$\w+|%s|%d|\\n|\\" ?""")


def scripts(folder: Path):
    for pattern in SCRIPTS:
        for file in sorted(folder.glob(pattern)):
            if file.parent.name != "lib" or file.stem in OTHERS:
                yield file


def main() -> int:
    checkout = Path(sys.argv[1])
    tests = checkout / "Tests/System"
    seen = "".join(
        file.read_text() for folder, pattern in (("scripts", "*.bats"), ("deploy", "*.py"), ("oci", "*.py")) for file in (tests / folder).glob(pattern)
    ).replace('\\"', '"')
    unseen = 0
    for file in scripts(checkout / "ansible-free-scripts"):
        for match in MESSAGE.finditer(file.read_text()):
            message = next(group for group in match.groups() if group is not None)
            constant = max((part.strip(" :(),") for part in VARYING.split(message)), key=len)
            if len(constant) >= 4 and constant not in seen:
                unseen += 1
                print(f"{file.relative_to(checkout)}: {message}")
    print(f"{unseen} messages that no test mentions")
    return int(unseen > 0)


sys.exit(main())
