"""Worker: unpack the corpus, count its words, keep a head of it to warm up on; describe a text."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path
from typing import Any

from benchmarks.processes import answer
from w2v.compression import decompressed

_WARM_UP_BYTES = 1 << 20


def prepare(source: str, folder: str) -> dict[str, Any]:
    """Return the paths of the plain corpus, copied only if `source` is compressed, and of its head, and its words."""
    corpus, warm_up = Path(source), Path(folder, "warm-up.txt")
    with corpus.open("rb") as stream:
        plain = decompressed(stream)
        if plain is not stream:
            corpus = Path(folder, "corpus.txt")
            with corpus.open("wb") as unpacked:
                shutil.copyfileobj(plain, unpacked, 1 << 20)
    with corpus.open("rb") as stream:
        head = stream.read(_WARM_UP_BYTES)
    warm_up.write_bytes(head[: head.rfind(b" ") + 1] if len(head) == _WARM_UP_BYTES else head)
    with corpus.open(encoding="utf-8") as lines:
        words = sum(len(line.split()) for line in lines)
    return {"corpus": str(corpus), "warm_up": str(warm_up), "words": words}


def describe(text: str) -> dict[str, Any]:
    """Return the number of words of a text, and its checksum."""
    words = checksum = 0
    with Path(text).open("rb") as lines:
        for line in lines:
            words += len(line.split())
            checksum = zlib.crc32(line, checksum)
    return {"words": words, "crc32": checksum}


if __name__ == "__main__":
    answer({"prepare": prepare, "describe": describe})
