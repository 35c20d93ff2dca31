"""Settings for every test and for the kernels that verify the chapters.

``pyproject.toml`` names it, because ``chapters/`` holds notebooks and nothing else.
"""

import os
from collections import Counter

import matplotlib

from book.tools.notebooks import KERNEL_ENVIRONMENT

# Kernels inherit these; they are the settings that the outputs were stored with.
os.environ.update(KERNEL_ENVIRONMENT)

# Tests draw without a screen. Kernels are processes of their own and keep the
# inline backend, because this changes no environment variable.
matplotlib.use("Agg")


def pytest_terminal_summary(terminalreporter):
    """Say in one line for each reason how many tests were left out."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(reason for _, _, reason in (r.longrepr for r in reports))
    for reason, count in reasons.items():
        reason = reason.removeprefix("Skipped: ")
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"Left out: {tests}, because {reason}.")
