"""What differs on Windows, tried where it can be: encodings, modules, names of files.

Text that is opened without naming its encoding cannot be read here, because the
default is ASCII, and modules that only Unix has cannot be imported.
"""

import filecmp
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MISSING = ("fcntl", "grp", "pwd", "resource", "termios")
AS_ON_WINDOWS = f"""import os, sys
for name in ("fork", "posix_spawn", "killpg", "setsid"):
    delattr(os, name)
for name in {MISSING}:
    sys.modules[name] = None
"""
RESERVED = {"con", "prn", "aux", "nul", "com1", "com2", "lpt1", "lpt2"}


def run(code: str, *arguments: str) -> None:
    """Run Python as it would run there."""
    settings = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    settings |= {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", AS_ON_WINDOWS + code, *arguments]
    environment = os.environ | settings
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]


def different(one: filecmp.dircmp) -> list[str]:
    """Return the files below two folders that are not the same."""
    _, wrong, errors = filecmp.cmpfiles(
        one.left, one.right, one.common_files, shallow=False
    )
    found = one.left_only + one.right_only + wrong + errors
    return found + [f for inner in one.subdirs.values() for f in different(inner)]


@pytest.mark.slow
def test_the_book_is_the_same(book, tmp_path):
    if os.environ.get("BOOK"):
        pytest.skip("the built book may be of another day")
    command = ["build", str(ROOT), "--quiet", "--path-output", str(tmp_path)]
    run("from jupyter_book.cli.main import main\nmain()", *command)
    assert (tmp_path / "_build" / "html" / "intro.html").is_file()
    assert different(filecmp.dircmp(book, tmp_path / "_build" / "html")) == []


@pytest.mark.parametrize("module", ["rnn_lib", "exercises.checks", "rnn_lib.names"])
def test_what_students_import_needs_nothing_of_unix(module):
    run(f"import {module}")


def test_a_release_is_the_same(tmp_path):
    chapter = "chapters/01_one_hot.ipynb"
    release = ["release", chapter, "--out", str(tmp_path / "a")]
    run("import runpy\nrunpy.run_module('exercises', run_name='__main__')", *release)
    command = [sys.executable, "-m", "exercises", "release", chapter]
    subprocess.run([*command, "--out", tmp_path / "b"], check=True, cwd=ROOT)
    assert different(filecmp.dircmp(tmp_path / "a", tmp_path / "b")) == []


def names() -> list[str]:
    """Return the files of the repository."""
    found = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    return found.stdout.decode("utf-8").split("\0")[:-1]


def test_every_file_can_be_stored_there():
    found = names()
    assert len(found) > 100
    bad = [name for name in found if re.search(r'[<>:"\\|?*]|[. ](/|$)', name)]
    parts = {name: name.lower().split("/") for name in found}
    bad += [n for n in found if {part.split(".")[0] for part in parts[n]} & RESERVED]
    assert bad == []
    assert max(map(len, found)) < 120
    assert max(Counter(name.lower() for name in found).values()) == 1
