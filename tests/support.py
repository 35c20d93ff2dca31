"""What several test files share."""

import re

import numpy as np
from hypothesis import settings

# Derandomized: the same examples on every run, so a red test stays red.
PROPERTY = settings(derandomize=True, deadline=None, max_examples=100)


def exactly(message: str) -> str:
    """Return a pattern that matches this message and no other."""
    return rf"\A{re.escape(message)}\Z"


def frozen(values: object, dtype: type | None = None) -> np.ndarray:
    """Return an array that raises when something writes to it."""
    array = np.array(values, dtype)
    array.setflags(write=False)
    return array
