"""Runs cases of the readers of `fuzzed_readers.py`, and checks all that must hold, whatever the bytes.

    refused     only by a W2VError of one line, which names the file
    accepted    what was read is sound, can be written, and then reads back equal
    always      in little time, and in memory that the size of the file justifies

A case is a way to read, one of the reader's, and the files, in one piece of bytes: a fuzzer can change it, and a find
is one file. `pack` and `unpack` convert it.
"""

import shutil
import time
import tracemalloc

from fuzzed_readers import READERS

from w2v.errors import W2VError
from w2v.file_kinds import kind_of
from w2v.foreign_files import foreign_kind

MOST_SECONDS = 5.0  # of CPU time for a case
MOST_BYTES, MOST_TIMES = 60_000_000, 100  # a case may take so many bytes, and so many for each of its own
LONGEST_MESSAGE = 1000  # characters, without the folder
_BETWEEN = b"\n--8<--\n"  # the files of a case


def pack(way, files):
    """Return a case as one piece of bytes."""
    return _BETWEEN.join(files) + bytes([way])


def unpack(case):
    """Return the way and the contents of the files of a case."""
    return (case[-1] if case else 0), case[:-1].split(_BETWEEN)


class Harness:
    """Runs the cases of one reader in a folder of its own.

    Args:
        name: of the reader.
        folder: an empty folder, best in memory.
        trace_every: measures the memory of one case in so many, which takes three times as long.

    Attributes:
        accepted: number of cases that were read.
        refused: number of cases that were refused.
        unwritten: number of cases that were read, but refused on writing.
        seeds: whole cases to start from.
    """

    def __init__(self, name, folder, trace_every=1):
        self.name, self.reader = name, READERS[name]
        self.accepted = self.refused = self.unwritten = 0
        self._folder, self._trace_every = folder, trace_every
        whole = self.reader.seeds()
        self._names = list(whole[0])
        self._names.sort(key=lambda file: file != self.reader.file)
        ways = range(len(self.reader.ways))
        self.seeds = [pack(way, [files.get(name, b"") for name in self._names]) for files in whole for way in ways]
        self._read(self.seeds[0])  # imports and compiles
        self.accepted = self.refused = self.unwritten = 0

    @property
    def cases(self):
        """The number of cases so far."""
        return self.accepted + self.refused

    def damaged(self, case, rng):
        """Return a case with damage to at least one of its files, and perhaps another way to read it."""
        way, files = unpack(case)
        chosen = rng.randrange(len(files))
        files = [
            self.reader.damaged(content, rng) if index == chosen or rng.random() < 0.1 else content
            for index, content in enumerate(files)
        ]
        return pack(rng.randrange(len(self.reader.ways)) if rng.random() < 0.5 else way, files)

    def run(self, case):
        """Read a case and check what must hold; return whether it was accepted."""
        number = self.accepted + self.refused
        before = time.monotonic()
        if number % self._trace_every == 0:
            peak = self._peak_of(case)
            most = MOST_BYTES + MOST_TIMES * len(case)
            assert peak <= most, f"{peak:,} bytes for a case of {len(case):,}"
        else:
            self._read(case)
        if time.monotonic() - before > MOST_SECONDS:  # the processor may have been busy with something else
            before = time.process_time()
            self._read(case)
            seconds = time.process_time() - before
            assert seconds < MOST_SECONDS, f"{seconds:.1f} s"
        return self.accepted + self.refused > number and self._was_accepted

    def _peak_of(self, case):
        """Return the most memory that reading a case takes at a time, in bytes."""
        self._peak = 0
        self._read(case, trace=True)
        return self._peak

    def _read(self, case, *, trace=False):
        way, files = unpack(case)
        way = self.reader.ways[way % len(self.reader.ways)]
        folder = self._folder / "read"
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, content in zip(self._names, files, strict=False):
            if content or name == self.reader.file:
                (folder / name).write_bytes(content)
        path = folder / self.reader.file
        kind_of(files[0][:65536])
        foreign_kind(files[0][:65536])
        try:
            if trace:
                tracemalloc.start()
            try:
                value = self.reader.read(path, **way)
            finally:
                if trace:
                    self._peak = tracemalloc.get_traced_memory()[1]
                    tracemalloc.stop()
        except W2VError as error:
            self._check_message(error, folder)
            self.refused += 1
            self._was_accepted = False
            return
        self.accepted += 1
        self._was_accepted = True
        if self.reader.write is not None:
            self._write_back(value, way)

    def _write_back(self, value, way):
        """Write what was read, and read it again."""
        folder = self._folder / "written"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        path = folder / self.reader.file
        try:
            reading = self.reader.write(value, path, **way)
        except W2VError as error:
            if not self.reader.may_refuse:
                raise
            self._check_line(str(error))
            self.unwritten += 1
            reading = None
        if reading is None:
            assert not list(folder.iterdir()), "something is left behind"
            return
        assert self.reader.same(value, self.reader.read(path, **reading)), "does not read back"

    def _check_message(self, error, folder):
        text = str(error).replace(f"{folder}/", "")
        assert isinstance(error, self.reader.refusal), repr(error)
        self._check_line(text)
        assert any(name in text for name in self._names), text

    def _check_line(self, text):
        assert "\n" not in text, repr(text)
        assert text.isprintable() or "\ufffd" in text, repr(text)
        assert len(text) < LONGEST_MESSAGE, text
