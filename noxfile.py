"""Checks and builds of the project, each a session: `nox -s lint`; `nox -l` lists them.

`nox --no-venv` runs a session in the active environment, which must have its extras, and installs nothing.
"""

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "types", "tests", "long", "docs"]
# Subjects of tests that run each compiled function; test_kernels.py checks the bounds of those that train by itself.
OF_KERNELS = [
    "cleaning", "encoded", "fuzz", "huffman", "networks", "sampling", "scanner", "sentence_units", "tagged_text"
]  # fmt: skip
ALL_TESTS = ["python", "-m", "pytest", "-q", "-m", ""]
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]


def install(session, *extras):
    """Install the project with the extras, unless the session runs in the active environment."""
    if session.venv_backend != "none":
        session.install("-e", f".[{','.join(extras)}]")


@nox.session
def lint(session):
    """Check the style and the format of the code."""
    install(session, "test")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session):
    """Check types."""
    install(session, "test")
    session.run("mypy")


@nox.session
def tests(session):
    """Run the tests but those that take long; put arguments for pytest after --."""
    install(session, "test")
    session.run("python", "-m", "pytest", "-q", *session.posargs)


@nox.session
def long(session):
    """Run the tests that take long: clusters of processes, kernels for other CPUs, each task of the benchmarks."""
    install(session, "test")
    session.run("python", "-m", "pytest", "-q", "-m", "long", *session.posargs)


@nox.session(python=PYTHONS)
def versions(session):
    """Run all tests on every supported version of Python that is installed."""
    install(session, "test")
    session.run(*ALL_TESTS, *session.posargs)


@nox.session(python=PYTHONS[0])
def oldest(session):
    """Run all tests with the oldest packages that w2v itself allows, on the oldest Python."""
    needed = nox.project.load_toml("pyproject.toml")["project"]["dependencies"]
    session.install("-e", ".[test]", *[package.replace(">=", "==") for package in needed])
    session.run(*ALL_TESTS, *session.posargs)


@nox.session
def newest(session):
    """Run all tests with the newest packages."""
    session.install("--upgrade", "--upgrade-strategy", "eager", "-e", ".[test]")
    session.run(*ALL_TESTS, *session.posargs)


@nox.session
def bounds(session):
    """Run the tests of compiled functions with every index of an array checked."""
    install(session, "test")
    folder = session.create_tmp()  # compiled code doesn't show if it checks
    checked = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_OPT": "0", "NUMBA_CACHE_DIR": folder}  # optimising takes the longest
    files = [f"tests/test_{subject}.py" for subject in OF_KERNELS]
    session.run("python", "-m", "pytest", "-q", *files, *session.posargs, env=checked)


@nox.session
def fuzz(session):
    """Fuzz all readers and the scanner; put the names of targets, --cases and --seed after --."""
    install(session, "test")
    session.run("python", "tests/fuzz.py", *session.posargs, env={"PYTHONPATH": "."})


@nox.session
def coverage(session):
    """Measure which lines and branches the tests reach; compiled code does not count."""
    install(session, "test")
    session.run(*ALL_TESTS, "--cov", "--cov-report=term", *session.posargs)


@nox.session
def docs(session):
    """Build the site in build/docs; a warning is an error."""
    install(session, "docs")
    session.run("python", "-m", "sphinx", "-W", "--keep-going", "-q", "-E", "-b", "html", "docs", "build/docs")


@nox.session
def torch(session):
    """Compare gradients with those of PyTorch, which is too large for the extra of tests."""
    install(session, "test")
    session.install("torch")
    session.run("pytest", "-q", "-n", "0", "tests/test_networks.py", "-k", "torch")


@nox.session
def benchmarks(session):
    """Compare w2v with other tools: quickly on the bundled corpus, or with the arguments after --."""
    install(session, "bench")
    quick = ["--task", "scan", "--task", "train", "--case", "sg100", "--repeat", "1"]
    session.run("python", "-m", "benchmarks", "run", *(session.posargs or quick))
