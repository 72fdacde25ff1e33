"""packaging/livekit-egress/fetch-image: an image's root file system from a registry, every byte checked."""

import hashlib
import http.server
import io
import json
import os
import subprocess
import tarfile
import threading

import pytest

from conftest import ROOT

REPOSITORY = "livekit/egress"


def layer(**files: str | None) -> bytes:
    """An archive of files by their paths, with two underscores for a slash; None is an empty file."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name.replace("__", "/"))
            entry.size = len(text or "")
            archive.addfile(entry, io.BytesIO((text or "").encode()))
    return output.getvalue()


class Registry:
    """Answers as registries do, with what was put into it."""

    def __init__(self):
        self.contents: dict[str, bytes] = {}
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.startswith("/token?"):
                    return self.answer(b'{"token": "one"}')
                digest = self.path.rsplit("/", 1)[1]
                if self.headers["Authorization"] != "Bearer one" or digest not in registry.contents:
                    return self.send_error(401)
                self.answer(registry.contents[digest])

            def answer(self, content: bytes):
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def put(self, content: bytes) -> str:
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        self.contents[digest] = content
        return digest

    def put_image(self, *layers: bytes) -> str:
        listed = [{"digest": self.put(each), "size": len(each)} for each in layers]
        return self.put(json.dumps({"layers": listed}).encode())

    def put_index(self, **images: str) -> str:
        listed = [{"digest": digest, "platform": {"architecture": name}} for name, digest in images.items()]
        return self.put(json.dumps({"manifests": listed}).encode())


@pytest.fixture
def registry():
    registry = Registry()
    yield registry
    registry.server.shutdown()
    registry.server.server_close()


@pytest.fixture
def fetch(registry, tmp_path):
    """fetch(DIGEST, ARCHITECTURE) -> how it ended, the folder"""

    def fetch(digest: str, architecture: str = "arm64"):
        target = tmp_path / "upstream/root"
        done = subprocess.run(
            [ROOT / "packaging/livekit-egress/fetch-image", REPOSITORY, digest, architecture, target],
            env={**os.environ, "REGISTRY_URL": registry.url, "REGISTRY_TOKEN_URL": registry.url + "/token?service=x"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        return done, target

    return fetch


def files(root) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_layers_lie_one_upon_the_other_and_take_away_what_they_delete(registry, fetch):
    first = layer(bin__egress="old", etc__gone="x", chrome__one="1", chrome__two="2", dev__null="")
    second = layer(bin__egress="new", **{"etc__.wh.gone": None, "chrome__.wh..wh..opq": None, "chrome__three": "3"})
    other = registry.put_image(layer(bin__egress="of another processor"))
    done, root = fetch(registry.put_index(amd64=other, arm64=registry.put_image(first, second)))
    assert done.returncode == 0, done.stdout
    assert files(root) == {"bin/egress": "new", "chrome/three": "3"}


@pytest.mark.parametrize("changed", ["index", "image", "layer"])
def test_whatever_has_another_digest_is_refused(registry, fetch, changed):
    content = layer(bin__egress="right")
    image = registry.put_image(content)
    index = registry.put_index(arm64=image)
    digest = {"index": index, "image": image, "layer": registry.put(content)}[changed]
    registry.contents[digest] = registry.contents[digest] + b" "
    done, root = fetch(index)
    assert done.returncode == 1 and "refused" in done.stdout and digest in done.stdout, done.stdout
    assert files(root) == {}


def test_an_image_for_another_processor_is_not_taken(registry, fetch):
    done, root = fetch(registry.put_index(amd64=registry.put_image(layer(bin__egress="x"))))
    assert done.returncode == 1 and "has no image for arm64" in done.stdout
    assert files(root) == {}


def test_a_layer_deletes_nothing_outside_of_the_image(registry, fetch, tmp_path):
    (tmp_path / "mine").write_text("kept")
    link = io.BytesIO()
    with tarfile.open(fileobj=link, mode="w:gz") as archive:
        entry = tarfile.TarInfo("out")
        entry.type, entry.linkname = tarfile.SYMTYPE, str(tmp_path)
        archive.addfile(entry)
    done, _ = fetch(registry.put_index(arm64=registry.put_image(link.getvalue(), layer(**{"out__.wh.mine": None}))))
    assert done.returncode == 1 and "leads out of the image; refused" in done.stdout
    assert (tmp_path / "mine").read_text() == "kept"
