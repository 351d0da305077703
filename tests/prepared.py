"""Processes that start with Numba imported, as forks of one, in a tenth of the time.

Each is a process of its own, with its own folder and environment, and imports w2v itself. Only what Python, NumPy and
Numba read from the environment when they are imported is as it was for the first one, so a process whose environment
differs there is refused, and must start as usual.
"""

import atexit
import functools
import gc
import json
import os
import re
import signal
import socket
import sys
import threading
import uuid
import warnings
from pathlib import Path

# Environment variables that are read when Python starts, or when the packages are imported.
_READ_AT_START = re.compile(
    "(PYTHON(?!PATH$)|LC_|LANG|LD_|TZ|MALLOC_|NUMBA_(?!CACHE_DIR$)|OMP_|MKL_|OPENBLAS_|GOTO_|BLIS_|NPY_|COV).*"
)
_MOST_BYTES = 1 << 18  # of a request


class Prepared:
    """`python -m w2v ARGUMENTS...`.

    Args:
        address: of the server.
        arguments: of the command.
        cwd: its folder.
        environment: its environment variables.
        streams: the descriptors of its standard streams.

    Attributes:
        pid: its number; 0 if it was refused.
    """

    def __init__(self, address, arguments, cwd, environment, streams):
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._connection.connect(address)
        cpus = [*os.sched_getaffinity(0)] if hasattr(os, "sched_getaffinity") else None
        request = {"arguments": arguments, "cwd": cwd, "environment": environment, "cpus": cpus}
        socket.send_fds(self._connection, [json.dumps(request).encode()], streams)
        self.pid = int(self._connection.recv(64))
        if not self.pid:
            self._connection.close()

    def wait(self):
        """Wait for its end, and return its exit code."""
        with self._connection:
            return int(self._connection.recv(64))


def started(arguments, cwd, environment):
    """Return a process and its standard streams as files, or None if it was refused, as where there is no Linux."""
    if sys.platform != "linux":
        return None
    pipes = [os.pipe() for _ in range(3)]
    ours, theirs = zip(*(pipe[::-1] if number == 0 else pipe for number, pipe in enumerate(pipes)), strict=True)
    process = Prepared(server(), [*map(str, arguments)], str(cwd), environment, theirs)
    for number in theirs:
        os.close(number)
    files = [os.fdopen(number, "rb" if place else "wb", 0 if place == 0 else -1) for place, number in enumerate(ours)]
    if process.pid:
        return process, files
    for file in files:
        file.close()
    return None


def finished(process, files, content, timeout):
    """Write standard input and wait for the end; return the exit code and both outputs.

    Raises:
        TimeoutError: it took too long, and was killed.
    """
    found = [b""] * 3

    def write():
        try:
            with files[0]:
                files[0].write(content)
        except BrokenPipeError:
            pass  # it did not want all

    def read(place):
        with files[place]:
            found[place] = files[place].read()

    steps = [threading.Thread(target=write), *(threading.Thread(target=read, args=(place,)) for place in (1, 2))]
    is_late = threading.Event()

    def kill():
        is_late.set()
        os.kill(process.pid, signal.SIGKILL)

    timer = threading.Timer(timeout, kill)
    for step in [*steps, timer]:
        step.start()
    code = process.wait()
    for step in steps:
        step.join()
    timer.cancel()
    if is_late.is_set():
        raise TimeoutError
    return code, *found[1:]


def stand_in(address):
    """Be a command of another name: run `w2v` with the arguments of this process, and exit with its code."""
    process = Prepared(address, sys.argv[1:], str(Path.cwd()), dict(os.environ), (0, 1, 2))
    if not process.pid:
        os.execv(sys.executable, [sys.executable, "-m", "w2v", *sys.argv[1:]])
    code = process.wait()
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


@functools.cache
def server():
    """Start the server, which ends with this process, and return its address."""
    import subprocess

    from console import environment

    address = f"\0w2v-tests-{uuid.uuid4()}"  # a name without a file, which Linux has: folders for those may be anywhere
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(address)
        listening.listen(64)
        process = subprocess.Popen(
            [sys.executable, __file__, str(listening.fileno())], env=environment(), pass_fds=[listening.fileno()],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    atexit.register(process.communicate)
    return address


def _serve(listening):
    """Fork for each connection until standard input is closed."""
    import select

    _import_packages()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C at the terminal is for the tests, and ends them
    while True:
        ready = select.select([0, listening], [], [])[0]
        _reap(os.WNOHANG)
        if listening not in ready:
            break
        connection, _ = listening.accept()
        with connection:
            if not _fork():
                listening.close()
                _answer(connection)
    _reap(0)


def _fork():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that are not copied: NumPy's handle it
        return os.fork()


def _reap(options):
    """Wait for children, so that the time that they took counts."""
    try:
        while os.waitpid(-1, options)[0]:
            pass
    except ChildProcessError:
        pass


def _import_packages():
    """Import what most commands need of other packages, and let Numba make its tables."""
    import click  # noqa: F401
    import numba  # noqa: F401
    import tqdm  # noqa: F401
    from numba.core.registry import cpu_target

    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    gc.freeze()  # what is there stays, and need not be looked at in each process


def _answer(connection):
    """Start what is asked for; send its number, and its exit code when it has ended."""
    message, streams, _, _ = socket.recv_fds(connection, _MOST_BYTES, 3)
    request = json.loads(message)
    if _fixed(request["environment"]) != _fixed(os.environ):
        connection.send(b"0")
        os._exit(0)
    child = _fork()
    if child:
        for number in streams:
            os.close(number)
        connection.send(b"%d" % child)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        connection.send(b"%d" % code)
        os._exit(0)
    connection.close()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = sys.__stdin__ = os.fdopen(0, errors="surrogateescape", closefd=False)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", errors="surrogateescape", closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(2, "w", 1, errors="backslashreplace", closefd=False)
    _run(**request)


def _fixed(environment):
    return {name: value for name, value in environment.items() if _READ_AT_START.fullmatch(name)}


def _run(arguments, cwd, environment, cpus):
    """Be `python -m w2v ARGUMENTS...` from here on."""
    import runpy

    from numba.core import config

    if cpus is not None:
        os.sched_setaffinity(0, cpus)
    before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    rest = [path for path in sys.path[1:] if path not in before]
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    given = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [cwd, *filter(None, given), *rest]
    config.reload_config()
    sys.argv = ["w2v", *arguments]
    runpy.run_module("w2v", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
