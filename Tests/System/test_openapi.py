"""Drives the running server from its own OpenAPI document: whatever is sent, it answers as declared and never with a 500.

OPENAPI_EXAMPLES=250 makes so many cases for each operation instead of those of schemathesis.toml, 20,000 and more in all.
"""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

FOLDER = Path(__file__).parent / "openapi"
EXAMPLES = os.environ.get("OPENAPI_EXAMPLES", "")
ADMIN = {"email": "openapi@example.org", "password": "correct horse battery staple"}
UNLIMITED = {
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "RATE_LIMIT_BURST": "1000000",
    "RATE_LIMIT_SIGN_IN_PER_MINUTE": "1000000",
    "RATE_LIMIT_SIGN_IN_PER_ACCOUNT_PER_MINUTE": "1000000",
}


@pytest.fixture
def unlimited_server(make_server):
    """A running server with an administrator and without limits that a test run would reach."""
    server = make_server(**UNLIMITED)
    for arguments, content in [
        (["migrate"], None),
        (["user", "add", "--admin", "--email", ADMIN["email"], "--name", "Open", "--password-file", "-"], ADMIN["password"]),
    ]:
        done = server.run(*arguments, input=content)
        assert done.returncode == 0, f"{arguments[0]} failed:\n{done.stdout}{done.stderr}"
    return server.start()


@pytest.mark.openapi
@pytest.mark.slow
def test_every_answer_is_as_the_document_declares(unlimited_server):
    schemathesis = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            schemathesis, "--config-file", FOLDER / "schemathesis.toml",
            "run", f"{unlimited_server.url}/api/openapi.json",
            "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure",
            "--no-color", "--suppress-health-check", "all",
            *(["--max-examples", EXAMPLES] if EXAMPLES else []),
        ],
        cwd=FOLDER,
        env=os.environ | {
            "PYTHONPATH": str(FOLDER), "SCHEMATHESIS_HOOKS": "hooks", "OPENAPI_URL": unlimited_server.url,
            "OPENAPI_EMAIL": ADMIN["email"], "OPENAPI_PASSWORD": ADMIN["password"],
        },
        capture_output=True, text=True, timeout=900 + 60 * int(EXAMPLES or 0), check=False,
    )  # fmt: skip
    print(done.stdout[-20_000:], done.stderr[-5_000:])
    assert done.returncode == 0, "schemathesis found answers that differ from the document"
    assert unlimited_server.is_running()
    assert httpx.get(f"{unlimited_server.url}/health/live", trust_env=False).status_code == 200
