"""The code keeps its own layout."""

import ast
import dataclasses
import re
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import click
import pytest

from w2v import options
from w2v.cli.commands import COMMANDS, Commands
from w2v.options.output_layers import OUTPUT_LAYERS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "w2v"
LAYERS = re.findall(r"^    (\w+)(?:\.py|/) ", (ROOT / "docs" / "architecture.md").read_text(), re.MULTILINE)
FILES = sorted(path for path in PACKAGE.rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in FILES}
OPTION_CLASSES = (options.CorpusOptions, options.VocabularyOptions, options.TrainingOptions)
FIELDS = {field.name for owner in OPTION_CLASSES for field in dataclasses.fields(owner)}


def module(path):
    """Return `w2v.cli.train` for "w2v/cli/train.py"."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module(path) for path in TREES}


def layer(name):
    return name.split(".")[1]


def imported(tree, *, at_top=False):
    """Yield the full names of what a module imports anywhere, or at its top level."""
    for node in tree.body if at_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own(names):
    """Return the modules of the package that define the names."""
    return {name if name in MODULES else name.rpartition(".")[0] for name in names if name.split(".")[0] == "w2v"}


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_the_layout_names_every_module():
    present = {path.stem if path.parent == PACKAGE else path.relative_to(PACKAGE).parts[0] for path in FILES}
    assert present - {"__init__", "__main__"} == set(LAYERS)


@pytest.mark.parametrize("path", [path for path in TREES if path not in ("w2v/__init__.py", "w2v/__main__.py")])
def test_a_module_imports_only_from_modules_above_it(path):
    here = layer(module(path))
    above = LAYERS[: LAYERS.index(here)]
    for name in own(imported(TREES[path])) - {"w2v"}:
        assert layer(name) in above or layer(name) == here, f"{path} imports {name}"


def test_no_module_imports_itself_by_way_of_others():
    graph = {module(path): own(imported(tree)) - {"w2v"} for path, tree in TREES.items() if path != "w2v/__init__.py"}
    TopologicalSorter(graph).prepare()  # raises CycleError, naming the modules


@pytest.mark.parametrize("path", TREES)
def test_only_the_command_line_parses_prints_and_exits(path):
    if path.startswith("w2v/cli/"):
        return
    packages = {name.split(".")[0] for name in imported(TREES[path])}
    packages -= {"tqdm"} if path == "w2v/tqdm_progress.py" else set()  # the bar that a caller asks for
    keeps_back = path in ("w2v/vectors/formats/numpy_warnings.py", "w2v/machines/dask_pool.py")
    packages -= {"warnings"} if keeps_back else set()
    assert not packages & {"click", "tqdm", "argparse", "logging", "warnings"}
    assert not [
        call for call in calls(TREES[path]) if isinstance(call.func, ast.Name) and call.func.id in ("print", "exit")
    ]
    attributes = {ast.unparse(node) for node in ast.walk(TREES[path]) if isinstance(node, ast.Attribute)}
    assert not attributes & {"sys.exit", "sys.stdout", "sys.stderr", "os._exit", "sys.argv"}


@pytest.mark.parametrize("path", TREES)
def test_defaults_of_options_are_written_in_one_place(path):
    if path.startswith("w2v/options/"):
        return
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            positional = [*node.args.posonlyargs, *node.args.args]
            given = list(zip(reversed(positional), reversed(node.args.defaults), strict=False))
            given += list(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
            literal = {arg.arg for arg, value in given if isinstance(value, ast.Constant) and value.value is not None}
            assert not literal & FIELDS, f"{path}:{node.lineno}"
        if isinstance(node, ast.Call) and path.startswith("w2v/cli/"):
            for keyword in node.keywords:
                constant = isinstance(keyword.value, ast.Constant) and keyword.value.value not in (None, False)
                assert keyword.arg != "default" or not constant, f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    "start", ["w2v", "w2v.vectors", "w2v.evaluation", *(entry.module for entry in COMMANDS.values())]
)
def test_help_and_queries_are_reached_without_importing_numba(start):
    trees = {module(path): tree for path, tree in TREES.items()}
    seen, waiting = set(), {start}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        if name in trees:
            waiting |= set(imported(trees[name], at_top=True)) | own(imported(trees[name], at_top=True))
        if name.startswith("w2v."):
            waiting.add(name.rpartition(".")[0])
        waiting -= seen
    assert not {name for name in seen if name.split(".")[0] in ("numba", "llvmlite")}


def test_the_query_arm_imports_nothing_of_the_training_arm():
    training_arm = {"vocabulary", "corpus", "phrases", "sampling", "simd", "kernels", "training"}
    for path, tree in TREES.items():
        if path.startswith(("w2v/vectors/", "w2v/evaluation/", "w2v/clusters.py", "w2v/pictures/")):
            assert not {layer(name) for name in own(imported(tree)) - {"w2v"}} & training_arm, path


def commands():
    """Return each command by its name, and its context."""
    group = Commands("w2v")
    context = click.Context(group, info_name="w2v")
    return {name: (group.get_command(context, name), context) for name in COMMANDS}


def test_every_option_of_every_command_is_exercised_by_a_test():
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").glob("test_*.py") if path.name != "test_house.py")
    for name, (command, _) in commands().items():
        for option in command.params:
            if isinstance(option, click.Option):
                used = [spelling for spelling in option.opts if re.search(rf"""["' ]{spelling}["' =]""", tests)]
                assert used, f"w2v {name} {option.opts}"
                assert option.help, f"w2v {name} {option.opts}"


def test_no_file_name_has_two_meanings():
    """A command and an options class may share the noun that they are about."""
    homes = defaultdict(set)
    for path in TREES:
        if not path.startswith(("w2v/cli/", "w2v/options/")) and not path.endswith(("__init__.py", "__main__.py")):
            homes[Path(path).stem].add(path)
    assert {stem: paths for stem, paths in homes.items() if len(paths) > 1} == {}


def type_names(tree):
    """Yield the names of the classes and of the type aliases that a module defines."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            is_alias = isinstance(node.value, ast.Subscript | ast.BinOp | ast.Attribute)
            if is_alias and re.fullmatch(r"[A-Z][a-z]\w*", name):
                yield name
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
            yield node.target.id


def test_no_type_name_has_two_meanings():
    homes = defaultdict(set)
    for path, tree in TREES.items():
        for name in type_names(tree):
            homes[name].add(path)
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def defined(path):
    """Return the names of the functions and classes that a file defines at its top level."""
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize("path", [path for path in TREES if path.startswith("w2v/kernels/")])
def test_each_kernel_module_names_its_twin(path):
    if Path(path).stem in ("__init__", "barrier", "buffers", "output_layer"):  # these compute nothing
        return
    text = " ".join(ast.get_docstring(TREES[path]).split())
    twins = re.search(r"The twins? (.+) in tests/reference\.py\.", text)
    assert twins, path
    names = set(re.findall(r"`(\w+)`", twins[1]))
    assert names
    assert names <= defined("tests/reference.py")


def test_the_module_of_each_output_layer_is_a_kernel_with_a_twin():
    assert {f"{entry.place.split(':')[0].replace('.', '/')}.py" for entry in OUTPUT_LAYERS.values()} <= TREES.keys()


@pytest.mark.parametrize("path", [path for path in TREES if not path.startswith("w2v/kernels/")])
def test_each_other_kernel_names_its_twin(path):
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.FunctionDef) and "kernel" in map(ast.unparse, node.decorator_list):
            text = " ".join((ast.get_docstring(node) or "").split())
            twin = re.search(r"Twin: (?:in )?`?(?:\w+\.)?(\w+)`?.*? ((?:tests|w2v)/[\w/]+\.py)", text)
            assert twin, f"{path}: {node.name}"
            assert re.search(rf"\b{twin[1]}\(", (ROOT / twin[2]).read_text()), f"{path}: {node.name}"


def docstrings(tree):
    """Yield the nodes of all docstrings."""
    for node in ast.walk(tree):
        kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, kinds) and ast.get_docstring(node) is not None:
            yield node.body[0].value


@pytest.mark.parametrize("path", [path for path in TREES if not path.startswith("w2v/cli/")])
def test_messages_of_the_library_name_options_as_python_does(path):
    described = set(map(id, docstrings(TREES[path])))
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            assert not re.search(r"(?<![\w-])--[a-z]", node.value), f"{path}:{node.lineno}"


def test_modules_are_short():
    lines = {path: len((ROOT / path).read_text().splitlines()) for path in TREES}
    assert {path for path, n in lines.items() if n > 450} == set()
