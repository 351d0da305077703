"""The documentation is complete: it has every command, option and format, and the files that it names exist."""

import re
import sys

import click
import pytest
from pages import PAGES, ROOT

from w2v.cli.commands import COMMANDS, Commands
from w2v.vectors.formats import WRITTEN

sys.path.append(str(ROOT / "docs"))
from command_reference import command_reference, escaped

GROUP = Commands("w2v")
NAMING = [page for page in PAGES if not page.name.startswith("adding-")]  # those name files that the reader writes
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def command(name):
    return GROUP.get_command(click.Context(GROUP, info_name="w2v"), name)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_guide_shows_every_command(name):
    assert re.search(rf"\bw2v {name}\b", TEXT)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_reference_has_every_option_of_a_command(name):
    part = command_reference().partition(f".. program:: w2v {name}\n")[2].partition(".. program::")[0]
    options = [parameter for parameter in command(name).params if isinstance(parameter, click.Option)]
    assert options
    for option in options:
        assert re.search(rf"^\.\. option:: .*{option.opts[-1]}\b", part, re.MULTILINE), option.opts


def test_the_command_reference_reads_as_the_help_does():
    assert escaped("Lower_case *every* token") == r"Lower\_case \*every\* token"
    assert escaped("a line `word count`, as --save-vocab or 'w2v vocab' wrote it") == (
        "a line ``word count``, as ``--save-vocab`` or ``w2v vocab`` wrote it"
    )


def test_every_format_is_described():
    table = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for name in WRITTEN:
        assert f"| `{name}` |" in table


def test_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("page", NAMING, ids=[page.relative_to(ROOT).as_posix() for page in NAMING])
def test_files_that_a_page_names_are_there(page):
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:w2v|tests|docs|benchmarks|corpora)/[a-z0-9_/.-]*)`", text):
        assert (ROOT / path).exists(), path
    if page.name == "README.md":  # Sphinx looks at those of the other pages
        for path in re.findall(r"\]\((?!http)([^)#]+)\)", text):
            assert (ROOT / path).exists(), path


def test_the_version_is_the_newest_in_the_changelog():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    newest = re.search(
        r"^## (\S+) - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert f'version = "{newest[1]}"' in project
