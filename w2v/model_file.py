"""A whole model in a file, to continue training from: named arrays, and facts about them as a JSON object.

It is a safetensors file whose metadata says `"format": "w2v model"`, the version of the format, and the facts.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from w2v.errors import ModelError
from w2v.files import replacing
from w2v.safetensors_file import SafetensorsFile, write_safetensors
from w2v.wording import in_one_line

MODEL_FORMAT = "w2v model"
VERSION = 1  # of the facts and the arrays that there must be


@dataclass(frozen=True)
class ModelFile:
    """A model file whose header was read.

    Attributes:
        path: the file.
        facts: what the file says of the arrays and their training, such as the options.
        size: bytes of the file.
    """

    path: Path
    facts: dict[str, Any]
    size: int
    _file: SafetensorsFile

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> ModelFile:
        """Read the header; the arrays are read when asked for.

        Raises:
            ModelError: there is no such file, it is no model file, it is cut short, or a later version wrote it.
        """
        path = Path(path)
        try:
            with path.open("rb") as stream:
                if not holds_model(stream.read(1 << 10)):
                    raise ModelError(f"{path}: is no model file; train with `save_model=FILE` to write one")
            file = SafetensorsFile.open(path, ModelError)
        except FileNotFoundError:
            raise ModelError(f"{path}: no such file; train with `save_model=FILE` to write one") from None
        except IsADirectoryError:
            raise ModelError(f"{path}: is a folder, not a model file") from None
        except OSError as error:
            raise ModelError(f"{path}: can't be read ({error.strerror})") from error
        return cls(path, _facts(file), file.size, file)

    def kind(self, name: str) -> str:
        """Return the type of an array as safetensors calls it, such as "F32".

        Raises:
            ModelError: there is no such array.
        """
        return self._file.kind(self._present(name))

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of an array.

        Raises:
            ModelError: there is no such array.
        """
        return self._file.shape(self._present(name))

    def array(self, name: str) -> npt.NDArray[Any]:
        """Read a whole array.

        Raises:
            ModelError: there is no such array, or it can't be read.
        """
        return self._file.array(self._present(name))

    def rows(self, name: str) -> Iterator[npt.NDArray[Any]]:
        """Read a matrix some rows at a time, in order; they are valid until the next ones are asked for.

        Raises:
            ModelError: there is no such matrix, or it can't be read.
        """
        return self._file.rows(self._present(name))

    def _present(self, name: str) -> str:
        if name not in self._file.names:
            raise ModelError(f"{self.path}: has no {name}; not a model that this version of w2v wrote")
        return name


def write_model(path: str | os.PathLike[str], facts: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write facts that JSON can hold, and arrays of numbers; rows may lie apart in memory.

    Raises:
        OutputError: the file can't be written; what stood there is unchanged.
    """
    metadata = {"format": MODEL_FORMAT, "version": str(VERSION), "facts": json.dumps(facts)}
    with replacing(path) as stream:
        write_safetensors(stream, arrays, metadata)


def holds_model(head: bytes) -> bool:
    """Say whether a file that starts with `head` is a model file."""
    return head[8:].startswith(b'{"__metadata__":{"format":"' + MODEL_FORMAT.encode() + b'"')


def refuse_later_version(file: SafetensorsFile, known: int) -> None:
    """Refuse a model or classifier in a newer format.

    Args:
        file: it, with the version of its format and its facts in the metadata.
        known: the newest version that can be read.

    Raises:
        ModelError: it is newer; the text names the version of w2v that wrote it.
    """
    version, writer = 0, None
    with contextlib.suppress(ValueError, KeyError):
        version = int(file.metadata["version"])
    if version <= known:
        return
    with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
        writer = json.loads(file.metadata["facts"])["w2v"]
    named = f"w2v {in_one_line(writer, 40)}" if isinstance(writer, str) else "a later version of w2v"
    raise ModelError(f"{file.path}: was written by {named}; upgrade with 'pip install -U w2v'")


def _facts(file: SafetensorsFile) -> dict[str, Any]:
    refuse_later_version(file, VERSION)
    facts = None
    with contextlib.suppress(ValueError, KeyError, RecursionError):
        int(file.metadata["version"])
        facts = json.loads(file.metadata["facts"])
    if not isinstance(facts, dict):
        raise ModelError(f"{file.path}: is damaged or cut short; get it again, or an older copy")
    return facts
