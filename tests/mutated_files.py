"""Damages files at random and reads them, with little memory: `python mutated_files.py FOLDER SEED COUNT FILE...`.

Each file must be read rightly, or be refused in one line. Run as a process of its own, since it limits its memory.
"""

import faulthandler
import random
import resource
import sys
from pathlib import Path

import numpy as np

import w2v

MEMORY = 400_000_000  # bytes more than at the start: far beyond these files, far below what a wrong header asks for
HANG = 60  # seconds after which one file ends the process with a traceback
PIECES = (
    b"9" * 20_000, b"1e99999", b"4294967296", b"999999999999999", b"-1", b"\xff", b"\xc3", b"\0", b"\n", b"\t", b" ",
    b"\r", b"\f", b"\xef\xbb\xbf", b"nan", b"inf", b"[", b"(", b'"', b"{", b"}", b"e", b"[" * 300, b"null",
    b"PK\x03\x04", b"\xff\xff\xff\xff\xff\xff\xff\x7f", b"\xed\xa0\x80", b"<U9999999", b"O", b"2 3\n",
)  # fmt: skip


def mutated(data, chance):
    """Return data with one to three changes."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(7)
        if kind == 0 and data:
            data[min(at, len(data) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 2:
            del data[at : at + chance.choice([1, 2, 4, 8, 50])]
        elif kind == 3:
            data[at:at] = chance.choice(PIECES)
        elif kind == 4:
            piece = chance.choice(PIECES)
            data[at : at + len(piece)] = piece
        elif kind == 5:
            data[at:at] = data[chance.randrange(len(data) + 1) :][: chance.choice([1, 10, 100])]
        elif chance.random() < 0.3:
            del data[at:]
    return bytes(data)


def read(path, chance):
    """Read a file in one of several ways, and check that what was read is sound."""
    errors = chance.choice([None, None, "strict", "replace", "ignore", "surrogateescape"])
    try:
        vectors = w2v.load(path, cache=False, encoding_errors=errors)
    except w2v.W2VError as error:
        text = str(error)
        assert "\n" not in text
        assert text.isprintable() or "\ufffd" in text or not path.name.isprintable(), repr(text)
        assert len(text) < 1000, text
        return False
    except MemoryError:
        assert path.name.endswith((".xz", "lzma.zip"))  # LZMA asks for the memory that a header names, before any data
        return False
    words = list(vectors.words)
    assert len(words) == len(vectors.matrix) == len(set(words))
    assert all(words)
    assert np.isfinite(vectors.matrix).all()
    if errors != "surrogateescape":
        "".join(words).encode()
    vectors.similar(words[0], n=3)
    return True


def main():
    """Damage and read each file COUNT times, and print how many could be read."""
    folder, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    good = 0
    for name in map(Path, sys.argv[4:]):
        whole = name.read_bytes()
        path = folder / f"case-{name.name}"
        words = next(name.parent.glob(f"{name.stem}_metadata.tsv"), None) or next(
            name.parent.glob(f"{name.stem}_words.txt"), None
        )
        beside = path.with_name(words.name.replace(name.stem, path.stem, 1)) if words else None
        for number in range(count):
            chance = random.Random(f"{seed} {name.name} {number}")
            if beside is None:
                path.write_bytes(mutated(whole, chance))
            else:
                good_words = chance.random() < 0.5
                path.write_bytes(mutated(whole, chance) if good_words else whole)
                beside.write_bytes(words.read_bytes() if good_words else mutated(words.read_bytes(), chance))
            faulthandler.dump_traceback_later(HANG, exit=True)
            try:
                good += read(path, chance)
            except BaseException:
                sys.stderr.write(f"{name.name}: seed {seed}, number {number}\n")
                raise
            faulthandler.cancel_dump_traceback_later()
    sys.stdout.write(f"{good}\n")


if __name__ == "__main__":
    main()
