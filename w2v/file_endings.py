"""Endings of file names: what a name promises about the file, before a word of it is written."""

from __future__ import annotations

import re
from pathlib import Path

from w2v.compression import without_compression

# Endings of files that hold something else than w2v writes, whatever the command.
FOREIGN = frozenset({
    ".7z", ".arrow", ".avro", ".db", ".doc", ".docx", ".feather", ".ftz", ".gif", ".h5", ".hdf5", ".htm", ".html",
    ".jar", ".joblib", ".jpeg", ".jpg", ".json", ".jsonl", ".kv", ".lz4", ".lzma", ".magnitude", ".mat", ".md",
    ".model", ".ndjson", ".npy", ".npz", ".ods", ".onnx", ".orc", ".parquet", ".pb", ".pdf", ".pickle", ".pkl", ".png",
    ".ppt", ".pptx", ".ps", ".pt", ".pth", ".py", ".rar", ".rdata", ".rds", ".rtf", ".sqlite", ".sqlite3", ".svg",
    ".tar", ".tgz", ".toml", ".webp", ".whl", ".wordvectors", ".xls", ".xlsx", ".xml", ".yaml", ".yml", ".z", ".zip",
})  # fmt: skip
_ENDING = re.compile(r"(?<=.)\.([^\W\d_][^\W_]*|7z)", re.DOTALL)


def ending_of(path: Path) -> str:
    """Return the ending of a name in lower case, one of compression left off; "" if the name has none.

    What starts with a digit or is more than letters and digits belongs to the name.

    Example:
        >>> [ending_of(Path(name)) for name in ("v.NPZ", "v.csv.gz", "v.gz", "news.2024", "glove.6B.100d", "v.min-5")]
        ['.npz', '.csv', '', '', '', '']
    """
    name, _ = without_compression(path.name)
    start = name.rfind(".")
    return name[start:].lower() if start >= 0 and _ENDING.fullmatch(name, start) else ""
