"""Text elsewhere: web servers, buckets, archives; and patterns and lists of names."""

import gzip
import http.server
import io
import threading
import zipfile

import pytest
from console import error_line
from console import inside as w2v
from optional import optional

import w2v as library
from w2v.corpus import remote
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.remote_stream import RemoteStream
from w2v.corpus.sources import resolve
from w2v.errors import CorpusError, MissingExtraError, UsageError
from w2v.options import CorpusOptions

fsspec = optional("fsspec")
s3fs = optional("s3fs")
moto_server = optional("moto.server", "moto")
parquet = optional("pyarrow.parquet", "pyarrow")
pyarrow = optional("pyarrow")

TEXT = "".join(f"line {i} of a text elsewhere\n" for i in range(20_000))


def text_of(*places, **options):
    reader = BlockReader(list(places), options=CorpusOptions(**options))
    return b"".join(block.text[: block.length].tobytes() for block in reader).decode()


def fails(*places, **options):
    with pytest.raises((CorpusError, UsageError)) as failure:
        text_of(*places, **options)
    assert "\n" not in str(failure.value)
    return str(failure.value)


# Patterns and lists


def test_patterns_of_files(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt", "d.md", ".hidden.txt"):
        (tmp_path / name).write_text(f"{name}\n")
    (tmp_path / "[x].txt").write_text("brackets\n")
    assert text_of(str(tmp_path / "?.txt")) == "a.txt\nb.txt\n"
    assert text_of(str(tmp_path / "**" / "[a-c].txt")) == "a.txt\nb.txt\nsub/c.txt\n"
    assert text_of(str(tmp_path / "[x].txt")) == "brackets\n"
    assert text_of(tmp_path / "[x].txt") == "brackets\n"
    assert fails(str(tmp_path / "*.doc")) == f"{tmp_path}/*.doc: no file matches this pattern; check it"
    found = w2v("vocab", "-q", "?.txt", "--min-count", "1", cwd=tmp_path)
    assert found.stdout == b"a.txt 1\nb.txt 1\n"
    monkeypatch.chdir(tmp_path)
    assert text_of("s*") == "sub/c.txt\n"


def test_lists_of_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b b.txt", "@c"):
        (tmp_path / name).write_text(f"{name}\n")
    (tmp_path / "list").write_text("\ufeff# comment\nb b.txt\n\n  a.txt \n@c\n*.txt\n")
    assert text_of("@list") == "b b.txt\na.txt\n@c\na.txt\nb b.txt\n"
    assert text_of("@c") == "@c\n"
    (tmp_path / "nested").write_text("@list\n")
    assert fails("@nested") == "@list: is in a list of files, which can't name another list; name both"
    (tmp_path / "empty").write_text("# nothing\n")
    assert fails("@empty") == "empty: holds no words; write one a line"
    assert fails("@missing").startswith("missing: can't be read (No such file")
    (tmp_path / "wrong").write_text("no.txt\n")
    assert fails("@wrong").startswith("no.txt: can't be read (No such file or directory)")
    assert w2v("vocab", "-q", "a.txt", "@list", "--min-count", "3", cwd=tmp_path).returncode == 1


# A web server


class Files(http.server.BaseHTTPRequestHandler):
    """Sends files, whole or in ranges; breaks connections off, and refuses, as the server says."""

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.send(head_only=True)

    def do_GET(self):
        self.send()

    def send(self, head_only=False):
        server, data = self.server, self.server.files.get(self.path.partition("?")[0])
        server.requests.append((self.command, self.path, self.headers.get("Range")))
        if data is None:
            self.send_error(404)
            return
        if not head_only and server.failures:
            server.failures -= 1
            self.send_error(503)
            return
        wanted = self.headers.get("Range") if server.has_ranges else None
        start, stop = 0, len(data)
        if wanted:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, stop = int(first), min(int(last) + 1 if last else len(data), len(data))
        self.send_response(206 if wanted else 200)
        if server.has_ranges:
            self.send_header("Accept-Ranges", "bytes")
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{len(data)}")
        self.send_header("Content-Length", str(stop - start))
        self.end_headers()
        if head_only:
            return
        if server.breaks and stop - start > 1000:
            server.breaks -= 1
            self.wfile.write(data[start : start + 1000])
            self.close_connection = True
            return
        self.wfile.write(data[start:stop])


@pytest.fixture
def server(monkeypatch):
    """A web server with files, and its address."""
    fsspec.__name__  # noqa: B018 - skips where the package is missing
    monkeypatch.setattr(RemoteStream.__init__, "__defaults__", ((0.01, 0.02, 0.03),))
    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
    found.daemon_threads = True
    found.files, found.requests, found.failures, found.breaks, found.has_ranges = {}, [], 0, 0, True
    found.url = f"http://127.0.0.1:{found.server_port}"
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    fsspec.filesystem("http").clear_instance_cache()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


@pytest.mark.parametrize("has_ranges", [True, False])
def test_files_of_a_web_server(server, has_ranges):
    server.has_ranges = has_ranges
    server.files |= {
        "/a.txt": TEXT.encode(),
        "/b.gz": gzip.compress(TEXT.encode()),
        "/c.jsonl": b'{"text": "in json"}\n',
    }
    assert text_of(f"{server.url}/a.txt") == TEXT
    assert text_of(f"{server.url}/b.gz") == TEXT
    assert text_of(f"{server.url}/c.jsonl?download=true") == "in json\n\n"
    reader = BlockReader(f"{server.url}/a.txt")
    assert reader.total_bytes == len(TEXT)
    assert [block.bytes_read for block in reader][-1] == len(TEXT)


@pytest.mark.parametrize("has_ranges", [True, False])
def test_a_lost_connection_is_continued(server, has_ranges):
    server.files["/a.txt"] = TEXT.encode()
    server.has_ranges, server.breaks = has_ranges, 2
    assert text_of(f"{server.url}/a.txt") == TEXT
    assert server.breaks == 0
    server.failures = 2
    assert text_of(f"{server.url}/a.txt") == TEXT
    assert server.failures == 0


def test_a_connection_that_stays_lost_is_an_error(server):
    server.files["/a.txt"] = TEXT.encode()
    server.breaks = 1000
    told = fails(f"{server.url}/a.txt")
    assert told.startswith(
        f"{server.url}/a.txt: the connection was lost at byte 0, and 3 attempts to continue failed ("
    )
    assert told.endswith("; try again later")


def test_what_a_web_server_does_not_have(server, tmp_path):
    told = f"{server.url}/no.txt: can't be read (no such file); check the address"
    assert fails(f"{server.url}/no.txt") == told
    assert error_line(w2v("vocab", f"{server.url}/no.txt", cwd=tmp_path)) == told
    (tmp_path / "a.txt").write_text("a")
    assert error_line(w2v("vocab", "a.txt", f"{server.url}/no.txt", cwd=tmp_path)) == told
    assert fails("http://127.0.0.1:1/a.txt").startswith("http://127.0.0.1:1/a.txt: can't be read (")
    assert "no-such: can't be read" in fails("nosuch://no-such")


def test_parquet_of_a_web_server_is_read_in_parts(server):
    table = pyarrow.table({"text": [f"row {i}" for i in range(200_000)], "other": ["x" * 50] * 200_000})
    file = io.BytesIO()
    parquet.write_table(table, file, row_group_size=50_000, compression="none", use_dictionary=False)
    server.files["/a.parquet"] = file.getvalue()
    assert text_of(f"{server.url}/a.parquet", field="text").split("\n\n")[:2] == ["row 0", "row 1"]


def test_vectors_are_trained_on_a_web_server(server, tmp_path):
    server.files["/a.txt"] = TEXT.encode()
    found = w2v("train", f"{server.url}/a.txt", "--dim", "4", "--epochs", "1", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert "elsewhere" in library.load(tmp_path / "vectors.txt")


# A bucket


@pytest.fixture(scope="module")
def bucket():
    """A bucket of a server that speaks S3, and the options to reach it."""
    s3fs.__name__  # noqa: B018 - skips where the package is missing
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        filesystem = s3fs.S3FileSystem()
        filesystem.mkdir("books")
        for name, text in (
            ("a.txt", "a rose\n"),
            ("sub/b.txt", "is\n"),
            ("sub/c.md", "not this\n"),
            (".hidden", "no\n"),
        ):
            filesystem.pipe(f"books/{name}", text.encode())
        filesystem.pipe("books/big.txt", TEXT.encode())
        yield filesystem
    server.stop()


@pytest.mark.filterwarnings("ignore")
def test_files_of_a_bucket(bucket):
    assert text_of("s3://books/a.txt") == "a rose\n"
    assert text_of("s3://books/big.txt") == TEXT
    assert text_of("s3://books", include="*.txt", exclude="big.txt") == "a rose\nis\n"
    assert text_of("s3://books/sub") == "is\nnot this\n"
    assert text_of("s3://books/*.txt") == f"a rose\n{TEXT}"
    assert text_of("s3://books/**/b.txt") == "is\n"
    assert fails("s3://books/no.txt") == "s3://books/no.txt: can't be read (no such file); check the address"
    assert "has no files to read" in fails("s3://books/*.doc")
    sources = resolve("s3://books", exclude=["*.md"]).sources
    assert [source.name for source in sources] == ["s3://books/a.txt", "s3://books/big.txt", "s3://books/sub/b.txt"]
    assert not sources[0].is_named


# Archives and packages


def test_archives_as_addresses(tmp_path):
    fsspec.__name__  # noqa: B018 - skips where the package is missing
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.txt", "one\n")
        archive.writestr("two.txt", "two\n")
    assert text_of(f"zip://two.txt::{tmp_path}/a.zip") == "two\n"
    assert text_of(f"zip://*.txt::{tmp_path}/a.zip") == "one\ntwo\n"


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)
    with pytest.raises(MissingExtraError, match=r"reading s3://a/b needs .*pip install 'w2v\[remote\]'"):
        text_of("s3://a/b")


def test_reading_ahead_ends_with_the_stream():
    stream = RemoteStream("a", lambda: io.BytesIO(b"x" * (64 << 20)), ())
    thread = stream._ahead._thread
    assert stream.read(3) == b"xxx"
    stream.close()
    assert not thread.is_alive()
    stream = RemoteStream("a", lambda: io.BytesIO(b"abcdef"), ())
    assert (stream.seek(-2, io.SEEK_END), stream.read(9), stream.tell(), stream.seek(1), stream.read(2)) == (
        4, b"ef", 6, 1, b"bc"
    )  # fmt: skip
    stream.close()
    assert remote.RemoteSource("a", None, None, None, "a").is_named
