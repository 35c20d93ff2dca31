"""Arguments of exercises that are not data: they are made from names and numbers.

A check keeps the arguments of a case as plain data, so that they can be sent to
another process. Where the reader's function takes more than data, one of these
functions makes the real arguments.
"""

from __future__ import annotations

import numpy as np

FUNCTIONS = {
    "sum of squares": lambda a: float((a**2).sum()),
    "product": lambda a: float(np.prod(a)),
    "sum of sines": lambda a: float(np.sin(a.ravel() * np.arange(1, a.size + 1)).sum()),
}
"""Functions of a matrix or vector with known slopes, by name."""


def with_function(name: str, theta: np.ndarray, step: float) -> tuple:
    """Return the arguments with the function of this name in the first place.

    Parameters
    ----------
    name : str
        A key of ``FUNCTIONS``.
    theta : ndarray
        Where the function is to be looked at.
    step : float
        How far to move.

    Returns
    -------
    tuple
        The function, `theta` and `step`.
    """
    return FUNCTIONS[name], theta, step
