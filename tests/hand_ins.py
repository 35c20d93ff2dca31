"""Hand-ins for the tests of the grader: good ones, and ones made to break it."""

import copy
import json
from pathlib import Path

from book.tools import notebooks
from exercises.handout import release

CHAPTER = notebooks.ROOT / "chapters" / "01_one_hot.ipynb"
VICTIM = "decode_one_hot"  # the exercise that hostile hand-ins attack
QUESTION = "sixth_row"
WORDS = "Row 6 reads what row 1 reads, and answers something else."
SECRET = "a line that only the hidden checks contain"


def source_of(name: str, chapter: Path = CHAPTER) -> str:
    """Return the source of the book's solution of an exercise."""
    for cell in notebooks.read(chapter).cells:
        if (
            "solution" in cell.metadata.get("tags", [])
            and f"def {name}(" in cell.source
        ):
            return cell.source
    raise KeyError(name)


def exercise_cells(notebook: dict) -> dict[str, dict]:
    """Return the stub cells, by the name of their function."""
    found = {}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "raise NotImplementedError" in source:
            found[source.split("def ", 1)[1].split("(")[0]] = cell
    return found


def unsolved(chapter: Path = CHAPTER) -> dict:
    """Return the released notebook as plain JSON."""
    return json.loads(json.dumps(release.student_notebook(chapter)))


def solved(answers: dict[str, str] | None = None, chapter: Path = CHAPTER) -> dict:
    """Return the released notebook with the book's solutions and answers in words.

    `answers` replaces the source of single exercises.
    """
    notebook = unsolved(chapter)
    for name, cell in exercise_cells(notebook).items():
        cell["source"] = (answers or {}).get(name) or source_of(name, chapter)
    for cell in notebook["cells"]:
        if cell["source"].startswith("**Your answer (ex-"):
            cell["source"] = cell["source"].split("\n")[0] + f"\n\n{WORDS}"
    return notebook


def attack(body: str, before: str = "") -> dict:
    """Return a solved notebook in which the victim's body is `body`."""
    lines = "\n".join("    " + line for line in body.splitlines())
    return solved({VICTIM: f"{before}\ndef {VICTIM}(vectors, symbols):\n{lines}\n"})


def without(notebook: dict, text: str) -> dict:
    """Return `notebook` without the code cells that contain `text`."""
    cells = notebook["cells"]
    kept = [c for c in cells if c["cell_type"] != "code" or text not in c["source"]]
    return {**notebook, "cells": kept}


def stripped(notebook: dict) -> dict:
    """Return `notebook` without any metadata, ids and outputs."""
    keys = ("cell_type", "source")
    cells = [{k: cell[k] for k in keys} for cell in notebook["cells"]]
    return {"cells": cells, "nbformat": 4, "nbformat_minor": 4}


def with_cell(notebook: dict, source: str, at: int | None = None) -> dict:
    """Return `notebook` with one more code cell, at the end if not said."""
    notebook = copy.deepcopy(notebook)
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    cell["execution_count"] = None
    cells = notebook["cells"]
    cells.insert(len(cells) if at is None else at, cell)
    return notebook


def flooded(notebook: dict) -> dict:
    """Return `notebook` with a large stored output."""
    notebook = with_cell(notebook, "print('x')")
    text = "x" * 30_000_000
    output = {"output_type": "stream", "name": "stdout", "text": text}
    notebook["cells"][-1]["outputs"] = [output]
    return notebook


def write(path: Path, notebook: dict) -> None:
    """Write a hand-in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), "utf-8")


LOOK = """
import os, sys
found = []
system = ("/proc", "/usr", "/sys", "/dev", "/site", sys.base_prefix)
ours = ("/site/rnn_lib", "/site/exercises")
for top in ("/", *ours, "/proc/1/root", "/proc/2/cwd", {places}):
    for folder, inner, names in os.walk(top):
        inner[:] = [n for n in inner if os.path.join(folder, n) not in system]
        if folder.endswith("rnn_lib/datasets"):
            continue  # the names, which students have too
        found += [n for n in names if n.endswith((".ipynb", ".csv", "letters.py"))]
for path in ({places}, "/proc/1/environ", "/proc/2/environ"):
    try:
        found.append(open(path).read())
    except OSError:
        pass
raise ValueError("found: " + repr(found))
"""
LIAR = """
import os
for fd in range(1, 64):
    try:
        os.write(fd, b'{"id": 0, "end": "ended"}\\n')
        os.write(fd, b'{"state": ["loaded", ""]}\\n{"case": 0, "value": []}\\n[[[[\\n')
    except OSError:
        pass
os._exit(0)
"""
SWALLOW = "while True:\n    try:\n        while True:\n            pass\n    except "
SWALLOW += "BaseException:\n        pass"
EQUAL = """
class Equal(str):
    __class__ = str
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __array__(self, *a, **k): raise SystemExit
    def __reduce__(self): raise SystemExit
return Equal()
"""
FORKS = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""

METACLASS = """
class Meta(type):
    __name__ = property(lambda self: 1 / 0)
    def __instancecheck__(cls, other): return True
class Thing(metaclass=Meta): pass
return Thing()
"""

# Each attack costs the victim's points and nothing else. (body, part of the status)
ATTACKS = {
    "endless": ("while True:\n    pass", "took too long"),
    "swallows": (SWALLOW, "took too long"),
    "exits": ("import os\nos._exit(0)", "ended the Python process"),
    "sysexit": ("raise SystemExit", "0 of"),
    "hog": ("return [bytearray(10**8) for _ in range(10**6)]", "0 of"),
    "forks": (FORKS, ""),
    "liar": (LIAR, "cannot be read"),
    "equal": (EQUAL, "0 of"),
    "kills": ("import os\nos.kill(os.getppid(), 9)", "0 of"),
    "stops": ("import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)", ""),
    "killsall": ("import os\nos.kill(-1, 9)", ""),
    "recursion": (f"return {VICTIM}(vectors, symbols)", "0 of"),
    "imports": ("from exercises import checks\nreturn checks", "0 of"),
    "reference": (
        "import exercises.checks.letters as m\n"
        f"return m.{VICTIM}.solution(vectors, symbols)",
        "0 of",
    ),
    "answer": (
        "import rnn_lib\nreturn rnn_lib.ALPHABET.decode(rnn_lib.from_one_hot(vectors))",
        "uses the answer",
    ),
    "network": (
        "import socket\nsocket.create_connection(('192.0.2.1', 80), 1)\nreturn ''",
        "0 of",
    ),
    "segfault": ("import ctypes\nctypes.string_at(0)", "ended the Python process"),
    "deep": ("x = []\nfor _ in range(10**5):\n    x = [x]\nreturn x", "0 of"),
    "metaclass": (METACLASS, "0 of"),
    "patches": (
        "from exercises.box import wire\nwire.json.dumps = lambda m: '[1e999'",
        "cannot be read",
    ),
    "message": ("raise ValueError('<script>' * 10**4 + chr(0xD800))", "0 of"),
    "bigtext": ("return 'x' * 10**8", "0 of"),
}
_RIGHT = "return ''.join(symbols[k] for k in vectors.argmax(axis=1))"
_HEAD = f"def {VICTIM}(vectors, symbols):\n    "

# Right answers in unusual form.
UNUSUAL = {
    "future": f"from __future__ import annotations\n{_HEAD}{_RIGHT}",
    "magic": f"%%time\n!pip list\n{_HEAD}{_RIGHT}",
    "object": f"class Callable:\n    def __call__(self, vectors, symbols):\n"
    f"        {_RIGHT}\n{VICTIM} = Callable()",
    "daemon": f"import threading, time\n{_HEAD}"
    f"threading.Thread(target=time.sleep, args=(999,)).start()\n    {_RIGHT}",
}
