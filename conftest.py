"""Settings for every test and for the kernels that verify the chapters."""

import os

import matplotlib

from tests import browser
from tools.notebooks import KERNEL_ENVIRONMENT

# Kernels inherit these; they are the settings that the outputs were stored with.
os.environ.update(KERNEL_ENVIRONMENT)

# Tests draw without a screen. Kernels are processes of their own and keep the
# inline backend, because this changes no environment variable.
matplotlib.use("Agg")


def pytest_terminal_summary(terminalreporter):
    """Say in one line that the tests in a browser were left out, if they were."""
    if browser.find() is None:
        terminalreporter.write_line(
            "Left out: the tests in a browser, because no Chromium was found."
        )
