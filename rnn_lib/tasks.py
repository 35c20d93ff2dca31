"""The recall task: read T symbols, then say which came first.

Its difficulty is one number, T. Nothing helps but carrying the first symbol
through all steps in between (after Hochreiter and Schmidhuber 1997, section 5).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnn_lib.encoding import one_hot
from rnn_lib.validation import check_seed, check_size


class Recall(NamedTuple):
    """Sequences of the recall task.

    Attributes
    ----------
    x : ndarray, shape (N, T, K)
        One-hot symbols, each drawn independently of all others.
    targets : ndarray of int, shape (N, T)
        The first symbol of the sequence, at every position.
    mask : ndarray of bool, shape (N, T)
        True at the last position only: there the answer is asked for.
    """

    x: np.ndarray
    targets: np.ndarray
    mask: np.ndarray


def recall(
    count: int,
    length: int,
    *,
    symbols: int = 4,
    seed: int | np.random.Generator = 0,
    dtype: type | np.dtype = np.float64,
) -> Recall:
    """Draw sequences of the recall task.

    Parameters
    ----------
    count, length, symbols : int
        N, T and K.
    seed : int or numpy.random.Generator
    dtype : float32 or float64

    Returns
    -------
    Recall

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1, or `dtype` is unknown.

    Examples
    --------
    >>> task = recall(2, 5)
    >>> task.x.shape, task.mask.sum(axis=0).tolist()
    ((2, 5, 4), [0, 0, 0, 0, 2])
    >>> bool((task.x.argmax(axis=-1)[:, :1] == task.targets).all())
    True
    """
    shape = (check_size("count", count), check_size("length", length))
    drawn = check_seed(seed).integers(0, check_size("symbols", symbols), shape)
    mask = np.zeros(shape, dtype=bool)
    mask[:, -1] = True
    targets = np.repeat(drawn[:, :1], length, axis=1)
    return Recall(one_hot(drawn, symbols, dtype), targets, mask)
