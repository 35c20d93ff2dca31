"""What several test files share."""

import os
import re

import numpy as np
import pytest
from hypothesis import settings

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
