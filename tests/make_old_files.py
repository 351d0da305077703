"""Write small files in every format with this version: `python tests/make_old_files.py` before each release.

They go to tests/data/VERSION and stay there: tests/test_old_files.py makes sure that later versions read them.
"""

import sys
from pathlib import Path

import numpy as np

import w2v
from w2v.options.output_layers import OUTPUT_LAYERS
from w2v.vectors.formats import WRITTEN
from w2v.version import installed_version

DATA = Path(__file__).parent / "data"
TEXT = "the king and the queen see new york\n" * 20
TEXTS, LABELS = ["the king", "a rose", "the queen", "a red rose"] * 10, ["court", "garden"] * 20
WORDS = ["the", "king", "köln", "北京"]
MATRIX = np.array([[1, -0.5, 0.25], [0, 2, -3], [0.1, 0.2, 0.3], [1e-7, 1e7, -1]], np.float32)
COUNTS = [40, 20, 10, 1]


def write(folder: Path) -> None:
    """Write a file of each kind to an empty folder."""
    vectors = w2v.Vectors(WORDS, MATRIX, counts=COUNTS, metadata={"made": "by hand"})
    for name, known in WRITTEN.items():
        vectors.save(folder / f"{name}{known.endings[0]}", name)
    for ending in (".gz", ".bz2", ".xz"):
        vectors.save(folder / f"text.txt{ending}")
    for loss in OUTPUT_LAYERS:
        w2v.train(
            sentences=[line.split() for line in TEXT.splitlines()], dim=4, epochs=1, min_count=1, threads=1, loss=loss,
            save_model=folder / f"{loss}.model", save_vocab=folder / "vocabulary.txt", log=folder / "log.jsonl",
        )  # fmt: skip
    w2v.find_phrases(sentences=[line.split() for line in TEXT.splitlines()], min_count=1, threshold=0.1).save(
        folder / "phrases.tsv"
    )
    for hidden in ((), (3,)):
        classifier = w2v.Classifier(dim=4, epochs=20, threads=1, min_count=1, hidden=hidden, validation=0)
        classifier.fit(TEXTS, LABELS).save(folder / f"classifier-{len(hidden)}.model")


if __name__ == "__main__":
    place = DATA / installed_version()
    place.mkdir(parents=True)
    write(place)
    sys.stdout.write(f"wrote {len(list(place.iterdir()))} files to {place}\n")
