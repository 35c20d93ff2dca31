"""The built book and a browser, for the tests that need them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import browser

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 1800  # seconds that a build may take on a busy machine


def build(folder: Path) -> None:
    """Build the book below `folder`, as ``make book`` does."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ROOT]
    command += ["--quiet", "--path-output", folder]
    environment = {k: v for k, v in os.environ.items() if k != "LIVE"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    (folder / "log").write_text(done.stdout + done.stderr, "utf-8")
    (folder / "code").write_text(str(done.returncode), "utf-8")


@pytest.fixture(scope="session")
def book(tmp_path_factory, worker_id):
    """Build the book, once for all processes of a test run; return its folder.

    ``BOOK`` in the environment names one that is built already.
    """
    if built := os.environ.get("BOOK"):
        return Path(built).resolve()
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    folder = shared / "book"
    try:
        folder.mkdir()
    except FileExistsError:
        until = time.monotonic() + LONGEST
        while not (folder / "code").is_file():
            assert time.monotonic() < until, "another process builds the book too long"
            time.sleep(0.5)
    else:
        build(folder)
    assert (folder / "code").read_text("utf-8") == "0", (folder / "log").read_text()
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def chromium():
    """Start a browser."""
    path = browser.find()
    if path is None:
        assert not os.environ.get("CI"), "no Chromium was found"
        pytest.skip("no Chromium was found")
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
