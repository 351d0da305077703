"""Whatever operation on files or memory fails, a command ends with one error line and leaves whole files."""

import subprocess
import sys

import click
import faults
import pytest
from failures import ERRORS, SCENARIOS, Server, failures

from w2v.cli.commands import COMMANDS, Commands

GROUP = Commands("w2v")
NEEDS_CC = pytest.mark.skipif(not faults.COMPILER, reason="needs cc")


def test_every_command_that_writes_files_has_a_scenario():
    for name in COMMANDS:
        command = GROUP.get_command(click.Context(GROUP, info_name="w2v"), name)
        writes = any(parameter.name in ("output", "target") for parameter in command.params)
        covered = any(f"{scenario} ".startswith((f"{name} ", f"{name},")) for scenario in SCENARIOS)
        assert not writes or covered, f"add a line for w2v {name} to SCENARIOS in tests/failures.py"


@pytest.fixture(scope="module")
def seen():
    return {found.name: found for found in failures([*SCENARIOS], "any", step=6, first=2)}


@NEEDS_CC
@pytest.mark.parametrize("name", SCENARIOS)
def test_some_operations_fail(seen, name):
    assert not seen[name].problems
    assert seen[name].ended


@NEEDS_CC
@pytest.mark.parametrize("error", [name for name in ERRORS if name != "any"])
def test_some_operations_fail_otherwise(error):
    (found,) = failures(["phrases"], error, step=2)
    assert not found.problems
    assert found.ended


@NEEDS_CC
def test_the_library_makes_the_chosen_operation_fail(tmp_path):
    """Otherwise no test here could fail."""
    (tmp_path / "watched").mkdir()
    script = (
        "import ctypes, os, pathlib; faults = ctypes.CDLL(os.environ['LD_PRELOAD']); faults.faults_start(2, 28, 0)\n"
        "pathlib.Path('elsewhere').write_text('1')\n"
        "for name in ('a', 'b'):\n"
        "    try: print(os.open(f'watched/{name}', os.O_CREAT) > 0)\n"
        "    except OSError as error: print(error.errno)\n"
    )
    log = tmp_path / "log"
    process = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=faults.preloaded([tmp_path / "watched"], log),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert process.stdout == "True\n28\n"
    assert [kind for kind, _ in faults.operations(log)] == ["open", "!open"]


@NEEDS_CC
def test_a_file_that_is_lost_is_noticed(tmp_path, monkeypatch):
    """What a run left is compared with what may be there."""
    log = tmp_path / "log"
    log.touch()
    monkeypatch.setenv("LD_PRELOAD", str(faults.library()))
    monkeypatch.setenv("W2V_FAULTS_LOG", str(log))
    (tmp_path / "watched").mkdir()
    monkeypatch.chdir(tmp_path)
    server = Server(SCENARIOS["vocab"], tmp_path / "watched")
    outcome = server.outcome(0, 0, lasting=False)
    assert server.problem(outcome) is None
    assert "exit code 0 with another output" in server.problem(outcome._replace(output="?"))
    assert "0 error lines" in server.problem(outcome._replace(code=1))
    assert server.problem(outcome._replace(code=None)) == "hangs"
    left = server.folder / ".c.txt.12345678.w2v-new"
    left.touch()
    assert "was left behind" in server.problem(outcome)
    left.unlink()
    (server.folder / "c.txt").write_text("the 1\n")
    assert "neither the earlier files nor the new ones" in server.problem(outcome)
