"""Settings for every test and for the kernels that verify the chapters."""

import os

import matplotlib

from tests import browser
from tools import take_along
from tools.notebooks import KERNEL_ENVIRONMENT

# Kernels inherit these; they are the settings that the outputs were stored with.
os.environ.update(KERNEL_ENVIRONMENT)

# Tests draw without a screen. Kernels are processes of their own and keep the
# inline backend, because this changes no environment variable.
matplotlib.use("Agg")


def pytest_terminal_summary(terminalreporter):
    """Say in one line each which tests were left out for want of a program."""
    if browser.find() is None:
        terminalreporter.write_line(
            "Left out: the tests in a browser, because no Chromium was found."
        )
    if not take_along.has_latex():
        terminalreporter.write_line(
            "Left out: the test of the PDF, because latexmk or xelatex was not found."
        )
