"""Repositories for apt as others make them, in place of those on the internet: packages, an index, a signature, a web server."""

import functools
import http.server
import re
import shutil
import subprocess
import threading
from pathlib import Path

from network import Network

PORT = 8088


class Repositories:
    """Served at the operator's address, one folder each, all signed by one key."""

    def __init__(self, folder: Path, network: Network, downloads: Path):
        self.folder, self.downloads = folder, downloads
        self.served = folder / "served"
        self.served.mkdir(parents=True)
        self.home = folder / "gnupg"
        self.home.mkdir(mode=0o700)
        self.gpg("--passphrase", "", "--quick-generate-key", "Packages of others", "ed25519", "sign", "never")
        (self.served / "key.asc").write_text(self.gpg("--armor", "--export"))
        self.fingerprint = re.search(r"^fpr:+([0-9A-F]+):", self.gpg("--with-colons", "--list-keys"), re.MULTILINE)[1]
        handler = functools.partial(Quiet, directory=self.served)
        self.server = network.inside(http.server.ThreadingHTTPServer, ("0.0.0.0", PORT), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "gpg-agent"], check=True)

    def gpg(self, *arguments: str) -> str:
        return subprocess.run(["gpg", "--homedir", self.home, "--batch", "--quiet", *arguments], check=True, capture_output=True, text=True).stdout

    def add(self, name: str, suite: str, architecture: str, patterns: list[str]) -> None:
        """A repository NAME with those packages that apt has fetched whose names match PATTERNS."""
        base = self.served / name
        index = base / "dists" / suite / "main" / f"binary-{architecture}"
        (base / "pool").mkdir(parents=True)
        index.mkdir(parents=True)
        for pattern in patterns:
            newest = max(self.downloads.glob(pattern), key=lambda file: file.stat().st_mtime)
            shutil.copy(newest, base / "pool")
        (index / "Packages").write_text(self.index(base, "packages", "pool"))
        suite_folder = base / "dists" / suite
        release = self.index(base, *(f"-oAPT::FTPArchive::Release::{field}={value}" for field, value in (
            ("Suite", suite), ("Codename", suite), ("Components", "main"), ("Architectures", architecture))), "release", f"dists/{suite}")
        (suite_folder / "Release").write_text(release)
        self.gpg("--clear-sign", "--output", str(suite_folder / "InRelease"), str(suite_folder / "Release"))

    @staticmethod
    def index(folder: Path, *arguments: str) -> str:
        return subprocess.run(["apt-ftparchive", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass
