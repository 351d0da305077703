"""Buckets of Google Cloud Storage, from a server that speaks its JSON API; and places without their package."""

import http.server
import json
import logging
import subprocess
import sys
import threading
import urllib.parse

import pytest
from console import environment, error_line, w2v
from optional import require

from w2v.corpus.block_reader import BlockReader
from w2v.errors import CorpusError
from w2v.options import CorpusOptions

OBJECTS = {
    "texts/a.txt": b"a rose\n" * 20_000, "texts/b/c.jsonl": b'{"text": "is a rose"}\n' * 50, "texts/.hidden": b"no\n",
    "other.txt": b"no\n",
}  # fmt: skip
LIST = "/storage/v1/b/bucket/o"


def described(name):
    return {
        "kind": "storage#object",
        "name": name,
        "bucket": "bucket",
        "size": str(len(OBJECTS[name])),
        "generation": "1",
    }


class Bucket(http.server.BaseHTTPRequestHandler):
    """A server of one bucket."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        path, query = urllib.parse.unquote(url.path), urllib.parse.parse_qs(url.query)
        if path == LIST:
            self.list_objects(query.get("prefix", [""])[0], query.get("delimiter", [""])[0])
            return
        name = path.removeprefix("/download").removeprefix(f"{LIST}/")
        if name not in OBJECTS:
            self.answer(404, json.dumps({"error": {"code": 404, "message": "Not Found"}}).encode())
        elif path.startswith("/download"):
            first, last = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
            self.answer(206, OBJECTS[name][first : last + 1])
        else:
            self.answer(200, json.dumps(described(name)).encode())

    def list_objects(self, prefix, delimiter):
        names = [name for name in OBJECTS if name.startswith(prefix)]
        within = [name for name in names if not delimiter or delimiter not in name.removeprefix(prefix)]
        folders = {prefix + name.removeprefix(prefix).split("/")[0] + "/" for name in set(names) - set(within)}
        found = {"items": [described(name) for name in within], "prefixes": sorted(folders)}
        self.answer(200, json.dumps(found).encode())

    def answer(self, status, data):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def bucket(monkeypatch):
    require("gcsfs")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{server.server_port}")
    logging.getLogger("gcsfs").setLevel(logging.ERROR)
    yield "gs://bucket"
    server.shutdown()
    server.server_close()


def text_of(place, **options):
    reader = BlockReader([place], options=CorpusOptions(**options))
    return b"".join(block.text[: block.length].tobytes() for block in reader).decode()


@pytest.mark.filterwarnings("ignore")
def test_objects_folders_and_patterns_of_a_bucket(bucket):
    assert text_of(f"{bucket}/texts/a.txt") == "a rose\n" * 20_000
    assert text_of(f"{bucket}/texts").split("\n").count("is a rose") == 50
    assert "no" not in text_of(f"{bucket}/texts").split()
    assert text_of(f"{bucket}/texts/**/*.jsonl").split() == ["is", "a", "rose"] * 50
    assert text_of(f"{bucket}/texts", include=("*.txt",)) == "a rose\n" * 20_000
    with pytest.raises(CorpusError) as failure:
        text_of(f"{bucket}/missing.txt")
    assert str(failure.value) == f"{bucket}/missing.txt: can't be read (no such file); check the address"


class Hub(Bucket):
    """A server of one data set, as Hugging Face has them."""

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        entry = {"type": "file", "path": "a.txt", "size": len(OBJECTS["texts/a.txt"]), "oid": "0" * 40}
        if "/resolve/" in path:
            self.answer(200, OBJECTS["texts/a.txt"])
        elif "/tree/" in path:
            self.answer(200, json.dumps([entry]).encode())
        else:
            data_set = {"_id": "1", "id": "me/texts", "sha": "0" * 40, "tags": [], "siblings": []}
            self.answer(200, json.dumps(data_set).encode())


@pytest.fixture
def hub():
    require("huggingface_hub")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("place", ["hf://datasets/me/texts/a.txt", "hf://datasets/me/texts/*.txt"])
def test_data_sets_of_hugging_face(hub, place, tmp_path):
    found = w2v("vocab", "-q", place, cwd=tmp_path, HF_ENDPOINT=hub, HF_HOME=str(tmp_path))
    assert found.stdout == b"a 20000\nrose 20000\n", found.stderr


WITHOUT = "import sys; sys.modules[sys.argv[1]] = None; from w2v.cli import main; main(['vocab', sys.argv[2]])"


@pytest.mark.parametrize(
    "place, package",
    [
        ("gs://bucket/a.txt", "gcsfs"),
        ("az://container/a.txt", "adlfs"),
        ("hf://datasets/someone/something/a.txt", "huggingface_hub"),
    ],
)
def test_a_place_without_its_package_names_it(tmp_path, place, package):
    require("fsspec")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, package, place],
        cwd=tmp_path,
        capture_output=True,
        env=environment(),
        check=False,
    )
    told = error_line(done)
    assert done.returncode == 1
    assert told.startswith(f"{place}: can't be read (")
    assert package in told
    assert told.endswith("); install the package that it names")
