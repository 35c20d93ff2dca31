"""First names: the list, its split, and batches in which short names are padded.

A name of n letters gives n + 1 positions. The network reads ``.MARY`` and is
to say ``MARY.``: the same symbol, ".", stands for the start where it is read
and for the end where it is to be said.
"""

from __future__ import annotations

import csv
import string
from collections.abc import Sequence
from importlib import resources
from typing import NamedTuple

import numpy as np

from rnn_lib.encoding import Vocabulary
from rnn_lib.validation import check_indices, check_seed, check_size

BOUNDARY = "."
"""Start and end of a name; also what padding is filled with."""

NAME_SYMBOLS = Vocabulary(BOUNDARY + string.ascii_uppercase)
"""The 27 symbols: the boundary is 0, A is 1, Z is 26."""


class Split(NamedTuple):
    """Three lists of names with no name in common.

    Attributes
    ----------
    train : list of str
        To learn from.
    validation : list of str
        To choose settings by.
    test : list of str
        To look at once, at the end.
    """

    train: list[str]
    validation: list[str]
    test: list[str]


class Padded(NamedTuple):
    """Names as arrays of one shape.

    Attributes
    ----------
    inputs : ndarray of int, shape (N, T)
        The boundary, then the letters, then padding.
    targets : ndarray of int, shape (N, T)
        The letters, then the boundary, then padding.
    mask : ndarray of bool, shape (N, T)
        True at real positions, False at padding.
    """

    inputs: np.ndarray
    targets: np.ndarray
    mask: np.ndarray


def load_names() -> list[str]:
    """Return the 5,163 first names of the 1990 US census, in alphabetical order.

    Returns
    -------
    list of str
        Capital letters; each name once, whether on one list or on both.
    """
    file = resources.files("rnn_lib") / "datasets" / "us_census_1990_first_names.csv"
    with file.open(encoding="ascii", newline="") as lines:
        return sorted({row["name"] for row in csv.DictReader(lines)})


def split_names(
    names: Sequence[str],
    *,
    validation: int = 516,
    test: int = 516,
    seed: int | np.random.Generator = 0,
) -> Split:
    """Deal the names out at random.

    Parameters
    ----------
    names : sequence of str
        All different.
    validation, test : int
        How many names to set aside; the others are for training.
    seed : int or numpy.random.Generator

    Returns
    -------
    Split

    Raises
    ------
    TypeError, ValueError
        If a name occurs twice or no name is left to train on.
    """
    held = check_size("validation", validation) + check_size("test", test)
    if isinstance(names, str) or len(set(names)) != len(names):
        raise ValueError("names: expected different names, got one of them twice")
    if held >= len(names):
        raise ValueError(
            f"names: expected more than the {held} to set aside, got {len(names)}"
        )
    order = check_seed(seed).permutation(len(names))
    dealt = [names[place] for place in order]
    return Split(dealt[held:], dealt[:validation], dealt[validation:held])


def pad_names(names: Sequence[str], length: int | None = None) -> Padded:
    """Return names as inputs, targets and mask.

    Parameters
    ----------
    names : sequence of str
        Capital letters A to Z, at least one in each.
    length : int, optional
        T; by default one more than the letters of the longest name.

    Returns
    -------
    Padded

    Raises
    ------
    TypeError, ValueError
        If there is no name, one has another character, or `length` is too
        short.

    Examples
    --------
    >>> batch = pad_names(["AL", "B"])
    >>> batch.inputs.tolist(), batch.targets.tolist()
    ([[0, 1, 12], [0, 2, 0]], [[1, 12, 0], [2, 0, 0]])
    >>> batch.mask.tolist()
    [[True, True, True], [True, True, False]]
    """
    if isinstance(names, str) or len(names) == 0:
        raise ValueError(f"names: expected at least one name, got {names!r}")
    needed = 1 + max(len(name) for name in names)
    T = needed if length is None else check_size("length", length)
    if T < needed:
        raise ValueError(f"length: expected at least {needed}, got {T}")
    inputs = np.zeros((len(names), T), dtype=np.intp)
    targets, mask = np.zeros_like(inputs), np.zeros(inputs.shape, dtype=bool)
    for row, name in enumerate(names):
        letters = NAME_SYMBOLS.encode(name)
        if not letters.all():
            raise ValueError(f"names: expected letters A to Z, got {name!r}")
        inputs[row, 1 : len(name) + 1] = letters
        targets[row, : len(name)] = letters
        mask[row, : len(name) + 1] = True
    return Padded(inputs, targets, mask)


def cut_at_end(written: np.ndarray) -> list[str]:
    """Return what stands before the first boundary in each row.

    Parameters
    ----------
    written : array_like of int, shape (N, T)
        Symbols as a network writes them. A row without a boundary is taken
        whole.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError, ValueError
        If `written` does not hold indices of `NAME_SYMBOLS`.
    """
    known = check_indices("written", written, ("N", "T"), len(NAME_SYMBOLS))
    rows = [NAME_SYMBOLS.decode(row) for row in known]
    return [row.split(BOUNDARY, 1)[0] for row in rows]
