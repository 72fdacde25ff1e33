"""What packaging/ writes that needs no build: the list of what packages are made of."""

import json
import os
import subprocess

import pytest
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from conftest import ROOT

CONTROL = """Package: some-program
Version: 1.2+sid1
Architecture: amd64
Maintainer: x <x@example.org>
Depends: adduser, libcurl4t64 (>= 8.0), libnss-systemd | libc6, unknown
Description: x
"""
BUILDINFO = """Format: 1.0
Installed-Build-Depends:
 libcurl4t64 (= 8.17.0-2),
 libcurl4t64:arm64 (= 8.17.0-2),
 swiftlang (= 6.2.1-1)
Environment:
 LANG="C"
"""
NPM = [
    {"name": "@some/package", "version": "1.0.0", "license": "(MIT OR Apache-2.0)", "integrity": "sha512-" + "A" * 86 + "=="},
    {"name": "react", "version": "in-next-16", "license": "MIT", "within": "next 16"},
]


@pytest.fixture
def bill(tmp_path):
    """bill(npm) -> (path, document) of a package with those of npm in it."""
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(CONTROL)
    deb = tmp_path / "some-program_1.2+sid1_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, deb], check=True, capture_output=True)
    (tmp_path / "buildinfo").write_text(BUILDINFO)

    def make(npm):
        (tmp_path / "npm").write_text(json.dumps(npm))
        output = tmp_path / "some.spdx.json"
        subprocess.run(
            [ROOT / "packaging/sbom", "--source", "some", "--output", output, "--buildinfo", tmp_path / "buildinfo", "--bundled",
             tmp_path / "npm", "--upstream", f"server|1.13|Apache-2.0|sha256:{'0' * 64}|https://example.org/server.tar.gz", deb],
            check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1790000000"},
        )
        return output, json.loads(output.read_text())

    return make


def mistakes(path) -> list[str]:
    return [message.validation_message for message in validate_full_spdx_document(parse_file(str(path)))]


def test_the_bill_is_right_spdx(bill):
    path, _ = bill(NPM)
    assert mistakes(path) == []


def test_a_wrong_licence_would_be_found(bill):
    path, _ = bill([NPM[0] | {"license": "MIT-ish"}])
    assert any("MIT-ish" in message for message in mistakes(path))


def test_the_bill_names_libraries_as_they_were_there(bill):
    packages = {package["name"]: package for package in bill(NPM)[1]["packages"]}
    assert packages["libcurl4t64"]["versionInfo"] == "8.17.0-2" and packages["libcurl4t64"]["licenseDeclared"] == "curl"
    assert packages["swiftlang"]["licenseDeclared"] == "Apache-2.0 WITH Swift-exception"
    assert "versionInfo" not in packages["unknown"] and packages["unknown"]["licenseDeclared"] == "NOASSERTION"
    assert {"some-program", "@some/package", "react", "server", "adduser", "libnss-systemd"} <= packages.keys()


def test_the_bill_is_the_same_again(bill):
    assert bill(NPM)[0].read_bytes() == bill(NPM)[0].read_bytes()
    assert bill(NPM)[1]["creationInfo"]["created"] == "2026-09-21T14:13:20Z"
