"""What the packages are made of, as packaging/build-deb wrote it beside them."""

import hashlib

import pytest
from spdx_tools.spdx.model import ChecksumAlgorithm
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document


@pytest.fixture(scope="module")
def bills(setting):
    """Every document beside the packages, by its source."""
    return {document.creation_info.name: document for document in map(parse_file, map(str, setting.packages.glob("*.spdx.json")))}


def test_each_document_is_right_spdx(bills):
    assert bills
    for name, document in bills.items():
        assert [message.validation_message for message in validate_full_spdx_document(document)] == [], name


def test_each_package_is_in_one_with_its_digest(setting, bills):
    described = {
        package.file_name: package.checksums[0].value
        for document in bills.values()
        for package in document.packages
        if package.file_name and package.checksums[0].algorithm == ChecksumAlgorithm.SHA256
    }
    packages = list(setting.packages.glob("livekit-*.deb"))
    assert packages
    assert {deb.name: hashlib.sha256(deb.read_bytes()).hexdigest() for deb in packages} == described


def test_libraries_have_a_version_and_a_licence(bills):
    libraries = [package for package in bills["livekit-conference"].packages if package.name.startswith("lib")]
    unknown = [package.name for package in libraries if not package.version or "NOASSERTION" in str(package.license_declared)]
    assert len(libraries) >= 10
    # Asked for as an alternative, and not linked.
    assert set(unknown) <= {"libnss-systemd"}
