"""What several test files share."""

import os
import re

import numpy as np
import pytest
from hypothesis import settings
from matplotlib.colors import to_rgb

# Derandomized: the same examples on every run, so a red test stays red.
PROPERTY = settings(derandomize=True, deadline=None, max_examples=100)


def exactly(message: str) -> str:
    """Return a pattern that matches this message and no other."""
    return rf"\A{re.escape(message)}\Z"


def left_out(what: str) -> None:
    """Leave a test out for want of something; fail where CI has to have it all."""
    assert not os.environ.get("CI"), what
    pytest.skip(what)


def frozen(values: object, dtype: type | None = None) -> np.ndarray:
    """Return an array that raises when something writes to it."""
    array = np.array(values, dtype)
    array.setflags(write=False)
    return array


def luminance(colour) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in to_rgb(colour)
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one, other) -> float:
    """Return the contrast of two colours, as WCAG 2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
