"""Settings for every test and for the kernels that verify the chapters.

``pyproject.toml`` names it, because ``chapters/`` holds notebooks and nothing else.
"""

import os
from collections import Counter

import matplotlib
import pytest

from book.tools.notebooks import KERNEL_ENVIRONMENT

# Kernels inherit these; they are the settings that the outputs were stored with.
os.environ.update(KERNEL_ENVIRONMENT)

# Tests draw without a screen. Kernels are processes of their own and keep the
# inline backend, because this changes no environment variable.
matplotlib.use("Agg")

# What takes longest, first: a long file that starts last is waited for alone. The first
# needs the built book, so that the second is one that does not.
LONGEST = (
    "book/test_pages.py",
    "08_names.ipynb",
    "07_long_memory.ipynb",
    "book/test_live.py",
    "book/test_scrolling.py",
    "grading/test_grading_run.py",
    "05_broken_notebook.ipynb",
    "04_training.ipynb",
    "06_pytorch.ipynb",
    "lib/test_torch_distributed.py",
    "book/test_take_along.py",
    "book/test_search.py",
    "book/test_looks.py",
)
KINDS = {"address": "browser", "chromium": "browser", "latex_source": "slow"}
"""The mark of a test that uses a fixture."""


def scope_of(nodeid: str) -> str:
    """Return what stays in one process: a file, but each chapter is run on its own."""
    return nodeid if "test_releases.py" in nodeid else nodeid.split("::")[0]


def place_of(nodeid: str) -> int:
    """Return when a test has its turn; those with the same number stay in order."""
    scope = scope_of(nodeid)
    named = [i for i, name in enumerate(LONGEST) if scope.endswith(name)]
    return named[0] if named else len(LONGEST)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what opens pages or writes LaTeX, and put what takes long first."""
    for item in items:
        for fixture in KINDS.keys() & {*getattr(item, "fixturenames", ())}:
            item.add_marker(KINDS[fixture])
        if ".ipynb" in item.nodeid:
            item.add_marker("kernels")
    items.sort(key=lambda item: place_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out files and chapters to the processes of ``-n``, in their order."""
    from xdist.scheduler import LoadScopeScheduling

    class InOrder(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return scope_of(nodeid)

    config.option.loadscopereorder = False
    return InOrder(config, log)


def pytest_terminal_summary(terminalreporter):
    """Say in one line for each reason how many tests were left out."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(reason for _, _, reason in (r.longrepr for r in reports))
    for reason, count in reasons.items():
        reason = reason.removeprefix("Skipped: ")
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"Left out: {tests}, because {reason}.")
