"""Leave out what cannot have changed since it passed: the plugin of ``make test``.

Each file of tests, each chapter that is run and each release has a stamp in
``.cache/tests/``: a hash of all code, and of each page, chapter or note that its tests
read. The tests of a file are left out while all of that is the same, byte for byte;
time plays no part. After a change of code nothing is left out, after a change of one
chapter all that read another. In CI, with ``-k`` or with ``FRESH=1``, all tests run.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from tests import browser
from tests.conftest import built_book
from tests.plugin import scope_of

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".cache" / "tests"
CODE = ("book", "exercises", "rnn_lib", "tests")
CONTENT = ("chapters", "instructors", "reference", "students")
# These start programs that read no content but what the tests hand to them.
HANDED = ("chapters/", "reference/", "tests/grading/")
PROGRAMS = ("subprocess.Popen", "os.system", "tests.browser.file")

opened: set[str] = set()  # files, since the set was last emptied; "*" is all


def listen(event: str, arguments: tuple) -> None:
    """Note each file that this process opens, and whether a program may open more."""
    if event == "open" and isinstance(arguments[0], str):
        opened.add(arguments[0])
    elif event in PROGRAMS:
        opened.add("*")


def digest(path: Path) -> str:
    """Return the hash of a file, or of nothing."""
    data = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(data).hexdigest()


def files(folder: Path) -> list[Path]:
    """Return all files below `folder` that are not made by running something."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", "_build"} & {*path.parts}
    )


@cache
def content() -> dict[str, Path]:
    """Return what is written for readers, by its path in the repository."""
    found = [path for name in CONTENT for path in files(ROOT / name)]
    found = [path for path in found if path.suffix != ".py"] + [*ROOT.glob("*.md")]
    return {path.relative_to(ROOT).as_posix(): path for path in found}


@cache
def code() -> str:
    """Return a hash of all that is not content, the names of the content included."""
    total = hashlib.sha256()
    tops = [path for path in sorted(ROOT.iterdir()) if path.is_file()]
    inside = [path for name in (*CODE, *CONTENT) for path in files(ROOT / name)]
    for path in [*tops, *inside]:
        name = path.relative_to(ROOT).as_posix()
        total.update(f"{name} {'' if name in content() else digest(path)}\n".encode())
    packages = sorted(f"{d.name} {d.version}" for d in metadata.distributions())
    total.update("\n".join([*packages, platform.platform(), sys.version]).encode())
    if chromium := browser.find():
        command = [chromium, "--version"]
        total.update(subprocess.check_output(command, stderr=subprocess.DEVNULL))
    return total.hexdigest()


def place(name: str) -> Path:
    """Return the file that `name` stands for: of the book that is built, or of ours."""
    page = name.removeprefix("page:")
    return ROOT / name if page == name else built_book() / page


def names(scope: str, paths: set[str]) -> list[str]:
    """Return what of `paths` is content or a page, and what `scope` itself is."""
    book = Path(os.environ["BOOK_BELOW"], "book", "_build", "html")
    found = {scope} & {*content()}
    for path in map(Path, paths - {"*"}):
        if path.is_relative_to(book):
            found.add("page:" + path.relative_to(book).as_posix())
        elif path.is_relative_to(ROOT):
            found |= {path.relative_to(ROOT).as_posix()} & {*content()}
    if "*" in paths and not scope.startswith(HANDED):
        found |= {*content()}
    return sorted(found)


class Stamps:
    """Reads the stamps before the tests of a file, and writes them after."""

    def __init__(self):
        self.collected = defaultdict(set)  # files that were opened on collecting
        self.tests, self.ended, self.failed = Counter(), Counter(), set()
        self.scope, self.same = "", False

    def stamp(self, scope: str) -> Path:
        """Return the file of a stamp."""
        return FOLDER / f"{hashlib.sha256(scope.encode()).hexdigest()[:16]}.json"

    def is_same(self, scope: str) -> bool:
        """Tell whether all that is tested in `scope` is as it was when it passed."""
        if not self.stamp(scope).is_file():
            return False
        stamp = json.loads(self.stamp(scope).read_text("utf-8"))
        return (stamp["code"], stamp["tests"]) == (code(), self.tests[scope]) and all(
            digest(place(name)) == was for name, was in stamp["read"].items()
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector):
        opened.clear()
        report = yield
        self.collected[collector.nodeid.split("::")[0]] |= opened
        return report

    def pytest_collection_finish(self, session):
        self.tests = Counter(scope_of(item.nodeid) for item in session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        if self.scope != (scope := scope_of(item.nodeid)):
            self.scope, self.same = scope, self.is_same(scope)
            opened.clear()
        if self.same:
            pytest.skip("nothing that they read has changed since they passed")

    def pytest_runtest_logreport(self, report):
        scope = scope_of(report.nodeid)
        self.ended[scope] += report.when == "teardown"
        if not report.passed:
            self.failed.add(scope)
        if self.ended[scope] == self.tests[scope] and scope not in self.failed:
            paths = opened | self.collected[report.nodeid.split("::")[0]]
            read = {name: digest(place(name)) for name in names(scope, paths)}
            stamp = {"code": code(), "tests": self.tests[scope], "read": read}
            FOLDER.mkdir(parents=True, exist_ok=True)
            self.stamp(scope).write_text(json.dumps(stamp, indent=1), "utf-8")


def pytest_configure(config):
    """Work in each process that runs tests, and give them all one book."""
    worker = hasattr(config, "workerinput")
    if not worker:
        os.environ["BOOK_BELOW"] = tempfile.mkdtemp(prefix="book-")
    if os.environ.get("CI") or os.environ.get("FRESH") or os.environ.get("BOOK"):
        return
    if worker or not config.getoption("numprocesses", None):
        sys.addaudithook(listen)
        config.pluginmanager.register(Stamps())


def pytest_unconfigure(config):
    """Take the book away."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop("BOOK_BELOW"), ignore_errors=True)
