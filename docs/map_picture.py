"""Take the picture of the map that README.md shows: `python docs/map_picture.py`. Needs Chromium and the extra plot."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import Browser, executable  # noqa: E402

OUTPUT = ROOT / "docs" / "images" / "map.png"
CORPUS = "corpora/english.txt"
WIDTH, HEIGHT = 1000, 600


def main() -> None:
    """Train, draw the map, choose a word on it, and save a screenshot."""
    with tempfile.TemporaryDirectory() as folder:
        page, vectors = Path(folder, "map.html"), Path(folder, "vectors.txt")
        for command in (
            f"train {CORPUS} --output {vectors} --threads 1 --quiet",
            f"map {vectors} --output {page} --title {CORPUS} --quiet",
        ):
            subprocess.run([sys.executable, "-m", "w2v", *command.split()], cwd=ROOT, check=True)
        browser = Browser(executable(), Path(folder, "profile"))
        try:
            browser.open(page, WIDTH, HEIGHT)
            browser.run("document.getElementById('query').focus()")
            browser.type("king")
            browser.key("Enter")
            browser.run("document.getElementById('whole').click()")
            browser.run("document.activeElement.blur()")
            browser.settle()
            OUTPUT.write_bytes(browser.screenshot())
        finally:
            browser.close()


if __name__ == "__main__":
    main()
