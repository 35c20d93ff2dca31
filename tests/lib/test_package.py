"""The package as a whole: what it imports, how it is built, and how it is explained."""

import ast
import doctest
import importlib
import inspect
import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path

import pytest

import rnn_lib

FOLDER = Path(rnn_lib.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
OWN_TEXT = sorted(f"yours/{path.stem}" for path in FOLDER.glob("yours/*.py"))
# What a module may import besides the standard library and NumPy.
EXTRA = {
    "diagrams": {"matplotlib"},
    "plots": {"matplotlib"},
    "torch_distributed": {"torch"},
    "torch_names": {"torch"},
    "torch_twin": {"torch"},
    "training": {"tqdm"},
}


def tree(name: str) -> ast.Module:
    return ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))


def imports(name: str) -> set[str]:
    """Return every module that `name` imports, at any depth, by its full name."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import"
            if node.module == "rnn_lib":
                found |= {f"rnn_lib.{alias.name}" for alias in node.names}
            else:
                found.add(node.module)
    return found


def floors() -> dict[str, int]:
    """Return the floor of each module, read from the docstring of the package."""
    found = {}
    for number, text in re.findall(
        r"^(\d+)\. (.*(?:\n   .*)*)", rnn_lib.__doc__, re.MULTILINE
    ):
        for name in re.findall(r"``(\w+)``", text):
            assert name not in found, f"{name} stands on two floors"
            found[name] = int(number)
    return found


def documented_parameters(doc: str) -> list[str]:
    """Return the names in the Parameters section of a NumPy docstring."""
    section = re.search(r"^Parameters\n-+\n((?:.*\n?)*?)(?=^\w.*\n-+\n|\Z)", doc, re.M)
    lines = re.findall(r"^(\w[\w, ]*?)(?: :.*)?$", section[1], re.M) if section else []
    return [name.strip() for line in lines for name in line.split(",")]


def returns(function: object) -> bool:
    return inspect.signature(function).return_annotation not in (None, "None")


def public_objects() -> list[tuple[str, object]]:
    """Return all public functions, classes and methods, with their full names."""
    found = []
    for name in NAMES:
        module = importlib.import_module(f"rnn_lib.{name}")
        for key, value in vars(module).items():
            if (
                key.startswith("_")
                or getattr(value, "__module__", "") != module.__name__
            ):
                continue
            if inspect.isfunction(value) or inspect.isclass(value):
                found.append((f"{name}.{key}", value))
            if inspect.isclass(value):
                found += [
                    (f"{name}.{key}.{method}", getattr(member, "fget", member))
                    for method, member in vars(value).items()
                    if not method.startswith("_")
                    and (inspect.isfunction(member) or isinstance(member, property))
                ]
    return found


PUBLIC = public_objects()
CALLABLE = [(name, value) for name, value in PUBLIC if callable(value)]


# Imports


def test_importing_the_package_loads_neither_pytorch_nor_matplotlib():
    code = (
        "import sys, rnn_lib; "
        "print(sorted({'torch', 'matplotlib', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=FOLDER.parent,
    )
    assert done.stdout == "['numpy']\n"
    assert done.stderr == ""


def test_every_module_has_its_floor():
    assert sorted(floors()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_module_imports_only_from_floors_below(name):
    floor = floors()
    below = {f"rnn_lib.{other}" for other in NAMES if floor[other] < floor[name]}
    own = {module for module in imports(name) if module.split(".")[0] == "rnn_lib"}
    assert own <= below


@pytest.mark.parametrize("name", NAMES)
def test_a_module_imports_nothing_else(name):
    others = {module.split(".")[0] for module in imports(name)}
    others -= sys.stdlib_module_names | {"numpy", "rnn_lib"}
    assert others == EXTRA.get(name, set())


# Names


def test_all_names_exist_and_none_twice():
    assert len(set(rnn_lib.__all__)) == len(rnn_lib.__all__)
    assert all(hasattr(rnn_lib, name) for name in rnn_lib.__all__)


def test_all_covers_what_the_package_imports():
    imported = {
        alias.name
        for node in tree("__init__").body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == set(rnn_lib.__all__)


def test_the_version_is_that_of_the_project_file():
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text())["project"]
    assert rnn_lib.__version__ == project["version"]


def test_the_types_are_published():
    assert (FOLDER / "py.typed").is_file()


# Size


def lines_of_code(name: str) -> int:
    """Count lines that hold code: no blank line, no comment, no docstring."""
    documented = set()
    for node in ast.walk(tree(name)):
        kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
        if isinstance(node, kinds) and ast.get_docstring(node):
            documented |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    layout = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    with tokenize.open(FOLDER / f"{name}.py") as file:
        tokens = list(tokenize.generate_tokens(file.readline))
    code = {
        line
        for token in tokens
        if token.type not in layout
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - documented)


@pytest.mark.parametrize("name", [*NAMES, *OWN_TEXT])
def test_a_module_can_be_read_in_one_sitting(name):
    assert lines_of_code(name) <= 250


def test_the_package_is_small():
    """1,500 lines for the network and its tools, 500 for memory, names and files."""
    assert sum(lines_of_code(name) for name in NAMES) <= 2000


def test_the_package_for_texts_is_small():
    assert len(OWN_TEXT) == 6
    assert sum(lines_of_code(name) for name in OWN_TEXT) <= 600


@pytest.mark.parametrize("name", [*NAMES, *OWN_TEXT])
def test_a_function_fits_on_a_screen(name):
    """At most 40 lines and its docstring."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef):
            text = node.body[0] if ast.get_docstring(node) else None
            lines = node.end_lineno - node.lineno + 1
            if text:
                lines -= text.end_lineno - text.lineno + 1
            assert lines <= 40, f"{node.name}: {lines} lines"


# Explanations


@pytest.mark.parametrize("name", NAMES)
def test_every_module_says_what_it_is(name):
    assert re.fullmatch(r"\S.*[.]", ast.get_docstring(tree(name)).splitlines()[0])


@pytest.mark.parametrize(("name", "value"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_everything_public_is_explained(name, value):
    doc = inspect.getdoc(value)
    assert doc, "no docstring"
    first, *rest = doc.splitlines()
    assert first.endswith((".", ":"))
    assert not rest or rest[0] == "", "the first line is the summary"


@pytest.mark.parametrize(
    ("name", "value"), CALLABLE, ids=[name for name, _ in CALLABLE]
)
def test_documented_parameters_are_those_of_the_signature(name, value):
    signature = inspect.signature(value)
    named = [
        key for key in signature.parameters if key not in ("self", "args", "kwargs")
    ]
    doc = inspect.getdoc(value)
    assert documented_parameters(doc) == (named if "Parameters\n---" in doc else [])
    for key in named:
        assert signature.parameters[key].annotation is not inspect.Parameter.empty
    if inspect.isfunction(value):
        assert signature.return_annotation is not inspect.Signature.empty


EXPORTED = [name for name in rnn_lib.__all__ if callable(getattr(rnn_lib, name))]


@pytest.mark.parametrize("name", EXPORTED)
def test_exported_names_have_the_sections_of_numpy_docstrings(name):
    value = getattr(rnn_lib, name)
    doc = inspect.getdoc(value)
    sections = re.findall(r"^(\w[\w ]*)\n(-+)$", doc, re.M)
    for title, line in sections:
        assert len(title) == len(line), title
    titles = [title for title, _ in sections]
    order = ["Parameters", "Attributes", "Returns", "Raises", "Notes", "Examples"]
    assert titles == [title for title in order if title in titles]
    if inspect.isclass(value):
        assert {"Parameters", "Attributes"} & set(titles)
    else:
        assert ("Parameters" in titles) == bool(inspect.signature(value).parameters)
        assert ("Returns" in titles) == returns(value)


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings_run(name):
    module = importlib.import_module(f"rnn_lib.{name}")
    assert doctest.testmod(module).failed == 0


def test_there_are_examples_in_docstrings():
    finder = doctest.DocTestFinder()
    modules = [importlib.import_module(f"rnn_lib.{name}") for name in NAMES]
    assert any(test.examples for module in modules for test in finder.find(module))
