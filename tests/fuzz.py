"""Fuzz readers and the scanner for as long as you like: `python tests/fuzz.py READER --cases N --seed S`.

Without names, all targets of `TARGETS` are fuzzed, each in a process of its own with little memory. A find, a case that
breaks one of the rules in `fuzz_harness.py` or `fuzzed_scanner.py`, is saved to a file; `--replay FILE` runs it again.
Make a test of it, in `FINDS` of `test_fuzz.py` or where the reader has its tests. Ctrl-C ends a target with its counts.

With atheris, `pip install atheris`, coverage guides which cases are changed further; without, seeds are damaged at
random. Numba can't compile the functions that atheris would count in, so what is compiled is not counted.
"""

import argparse
import faulthandler
import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

ROOT = Path(__file__).parent.parent
MEMORY = 600_000_000  # bytes more than at the start
HANG = 60  # seconds of one case, after which its process ends with a traceback
CURRENT, _SIZE = "current case", 8  # the file that holds the case being run, and the bytes of its length there
TRACE_EVERY = 10  # cases: the memory of one in so many is measured
SCANNER = "scanner", "block cutter", "UTF-8"


def main():
    """Fuzz each target in a process of its own, and print its counts; return 1 if there are finds."""
    arguments = _arguments()
    if arguments.replay is not None:
        with tempfile.TemporaryDirectory(dir=_in_memory()) as folder:
            _target(arguments.targets[0], Path(folder)).run(arguments.replay.read_bytes())
        return 0
    if arguments.inside is not None:
        _fuzz(arguments.targets[0], arguments)
    _print("target", "cases", "accepted", "refused", "not written", "seconds", "engine")
    given = [item for item in sys.argv[1:] if item not in arguments.targets]
    failed = [name for name in arguments.targets or [*SCANNER, *_readers()] if not _passes(name, given, arguments)]
    return int(bool(failed))


def _passes(name, given, arguments):
    """Fuzz one target in a process; if that ends in another way than it should, save the case that it was at."""
    with tempfile.TemporaryDirectory(dir=_in_memory()) as folder:
        command = [sys.executable, __file__, name, "--inside", folder, *given]
        process = subprocess.Popen(command)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: process.send_signal(number))
        code = process.wait()
        if code:
            case = (Path(folder) / CURRENT).read_bytes()
            case = case[_SIZE:][: int.from_bytes(case[:_SIZE], "little")]
            arguments.finds.mkdir(parents=True, exist_ok=True)
            path = arguments.finds / f"{name.lower().replace(' ', '-')}-{hashlib.sha256(case).hexdigest()[:8]}"
            path.write_bytes(case)
            _print(f"{name}: exit code {code}; the case is in {path}; --replay runs it again")
        return not code


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("targets", nargs="*", help="the readers, or: " + ", ".join(SCANNER))
    parser.add_argument("--cases", type=int, default=10_000, help="of each target (10,000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=["auto", "random", "atheris"], default="auto")
    parser.add_argument("--finds", type=Path, default=Path("finds"), help="the folder for finds")
    parser.add_argument("--replay", type=Path, help="run this case once")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _readers():
    from fuzzed_readers import READERS

    return READERS


def _target(name, folder):
    if name in SCANNER:
        from fuzzed_scanner import TARGETS

        return TARGETS[name]()
    from fuzz_harness import Harness

    return Harness(name, folder, TRACE_EVERY)


def _in_memory():
    """Return a folder in memory, if there is one; None is the usual one for temporary files."""
    shm = Path("/dev/shm")
    return shm if shm.is_dir() else None


def _print(*columns):
    first, *others = map(str, columns)
    sys.stdout.write(" ".join([f"{first:<22}", *(f"{column:>11}" for column in others)]).rstrip() + "\n")
    sys.stdout.flush()


def _fuzz(name, arguments):
    """Run cases until there are enough, print the counts, and end the process, since libFuzzer never returns."""
    atheris = None if arguments.engine == "random" else _instrumented(required=arguments.engine == "atheris")
    folder = arguments.inside
    current = os.open(folder / CURRENT, os.O_RDWR | os.O_CREAT)
    target = _target(name, folder)
    for case in target.seeds:  # imports and compiles, too
        target.run(case)
    warnings.simplefilter("error")
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    started = time.process_time()
    watched = 0.0

    def ended(*_):
        counts = (f"{count:,}" for count in (target.cases, target.accepted, target.refused, target.unwritten))
        _print(name, *counts, round(time.process_time() - started), "atheris" if guided else "random")
        _end(0)

    signal.signal(signal.SIGTERM, ended)
    signal.signal(signal.SIGINT, ended)

    def run(case):
        nonlocal watched
        if not guided and (now := time.monotonic()) > watched + 1:  # libFuzzer watches the time itself
            watched = now
            faulthandler.dump_traceback_later(HANG, exit=True)
        os.pwrite(current, len(case).to_bytes(_SIZE, "little") + case, 0)
        try:
            target.run(case)
        except BaseException:
            traceback.print_exc()
            _end(1)
        if target.cases >= arguments.cases:
            ended()

    guided = atheris is not None and hasattr(target, "damaged")
    if guided:
        _guided(atheris, target, run, arguments.seed, folder)
    number = 0
    while True:
        rng = random.Random(f"{arguments.seed} {name} {number}")
        run(target.case(rng) if hasattr(target, "case") else target.damaged(rng.choice(target.seeds), rng))
        number += 1


def _end(code):
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _guided(atheris, target, run, seed, folder):
    """Let atheris choose cases, half of which our own damage makes of others."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, case in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(case)

    def changed(data, most, number):
        rng = random.Random(number)
        return target.damaged(data, rng)[:most] if rng.random() < 0.5 else atheris.Mutate(data, most)

    options = [
        "-max_len=30000",
        "-len_control=0",
        f"-seed={seed}",
        f"-timeout={HANG}",
        f"-artifact_prefix={folder}/",
        "-rss_limit_mb=0",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], run, custom_mutator=changed)
    atheris.Fuzz()


def _instrumented(*, required):
    """Import the modules of w2v that Numba does not compile so that atheris counts what runs; return atheris."""
    try:
        import atheris
    except ImportError:
        if required:
            raise
        return None
    compiled = ("import njit", "w2v.compiling", "numba.extending", "w2v.simd")
    modules = {}
    for path in sorted((ROOT / "w2v").rglob("*.py")):
        place = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(place[:-1] if place[-1] == "__init__" else place)
        modules[name] = any(mark in path.read_text() for mark in compiled)
    with atheris.instrument_imports(
        include=[name for name, is_compiled in modules.items() if not is_compiled and name.count(".")],
        exclude=[name for name, is_compiled in modules.items() if is_compiled],
    ):
        import fuzz_harness

        assert fuzz_harness
    return atheris


if __name__ == "__main__":
    sys.exit(main())
