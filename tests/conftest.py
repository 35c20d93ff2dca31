"""The built book and a browser, for the tests that need them."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from book.tools import take_along
from tests import browser
from tests.support import left_out

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 1800  # seconds that a build may take on a busy machine


def build(folder: Path) -> None:
    """Build the book below `folder`, as ``make book`` does, and note how it went.

    The file ``trouble`` appears at the end, whole, and is empty if all went well.
    """
    command = [take_along.jupyter_book(), "build", ROOT]
    command += ["--quiet", "--path-output", folder]
    environment = {k: v for k, v in os.environ.items() if k != "LIVE"}
    trouble = "the build was broken off"
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        trouble = ""
        if done.returncode != 0:
            trouble = f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
    finally:
        (folder / "half").write_text(trouble, "utf-8")
        (folder / "half").replace(folder / "trouble")


def built_book(shared: Path | None = None) -> Path:
    """Build the book, once for all processes of a test run; return its folder.

    It lies below `shared`, or where ``tests/stamps.py`` says. ``BOOK`` in the
    environment names one that is built already.
    """
    if built := os.environ.get("BOOK"):
        return Path(built).resolve()
    folder = Path(os.environ.get("BOOK_BELOW") or shared, "book")
    try:
        folder.mkdir()
    except FileExistsError:
        until = time.monotonic() + LONGEST
        while not (folder / "trouble").is_file():
            assert time.monotonic() < until, "another process builds the book too long"
            time.sleep(0.5)
    else:
        build(folder)
    assert (folder / "trouble").read_text("utf-8") == ""
    return folder / "_build" / "html"


@pytest.fixture(scope="session")
def book(tmp_path_factory, worker_id):
    """Build the book, once for all processes of a test run; return its folder."""
    shared = tmp_path_factory.getbasetemp()
    return built_book(shared if worker_id == "master" else shared.parent)


@pytest.fixture(scope="module")
def address(book):
    """Serve the book as web servers do; give its address."""
    with browser.served(book, handler=browser.CompressingHandler) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    """Start a browser."""
    path = browser.find()
    if path is None:
        left_out("no Chromium was found")
    with browser.Chromium(path) as chromium:
        yield chromium


@pytest.fixture
def page(chromium):
    """Open an empty page; at the end, no error may stand in its console."""
    page = chromium.page()
    yield page
    complaints = page.complaints()
    page.close()
    assert complaints == []
