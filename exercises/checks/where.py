"""Say where an answer of no known kind is right, or what its numbers have in common.

What is said holds on all cases, and is counted in figures, not guessed: it narrows the
place of the mistake down where its name is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from exercises.box.runner import Case, Outcome
from exercises.checks.compare import problem

Pair = tuple[object, object]


def common(
    expected: Sequence[Outcome], outcomes: Sequence[Outcome], near: float
) -> str:
    """Return what all numbers of an answer have in common with the right ones.

    Parameters
    ----------
    expected, outcomes : sequence of Outcome
        One per case.
    near : float
        The tolerance.

    Returns
    -------
    str
        A sentence without its full stop.
    """
    pairs = _values(expected, outcomes)
    arrays = [(np.asarray(a), np.asarray(b)) for a, b in pairs if _numbers(a, b)]
    if not pairs or len(arrays) < len(pairs):
        return ""
    if all(_close(*two, near).all() for two in arrays):
        return ""  # only their type is wrong
    if all(_sorted(a, b, near) for a, b in arrays):
        return "All numbers are right, and they stand in other places"
    if all(_close(np.abs(a), np.abs(b), near).all() for a, b in arrays):
        return "The numbers are right but for their signs, and not all signs are wrong"
    return _factor(arrays, near)


def _values(expected: Sequence[Outcome], outcomes: Sequence[Outcome]) -> list[Pair]:
    """Return the right and the given values; none if an answer is no value."""
    if any(one.error or one.timed_out or one.skipped for one in (*expected, *outcomes)):
        return []
    return [(e.value, o.value) for e, o in zip(expected, outcomes, strict=True)]


def _parts(pairs: list[Pair], kind: type, word: str, near: float) -> str:
    """Return which parts of dicts or tuples are off, if others never are."""
    if not all(type(a) is type(b) is kind and len(a) == len(b) for a, b in pairs):
        return ""
    off = []
    for one, other in pairs:
        keys = one if kind is dict else range(len(one))
        if kind is dict and set(one) != set(other):
            return ""
        wrong = [key for key in keys if problem(one[key], other[key], near)]
        if wrong and len(wrong) == len(keys):
            return ""
        off += wrong
    off = list(dict.fromkeys(off))
    if not 1 <= len(off) <= 2:
        return ""
    return f"All is right but for {' and '.join(f'{word}{key!r}' for key in off)}."


def _numbers(one: object, other: object) -> bool:
    """Tell whether both are numbers, or arrays of one shape."""
    if any(type(value) not in (int, float, np.ndarray) for value in (one, other)):
        return False
    arrays = np.asarray(one), np.asarray(other)
    kinds = all(array.dtype.kind in "iuf" for array in arrays)
    return kinds and arrays[0].shape == arrays[1].shape


def _close(one: np.ndarray, other: np.ndarray, near: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.abs(one - other) <= near * np.maximum(1, np.abs(one))


def _sorted(one: np.ndarray, other: np.ndarray, near: float) -> bool:
    pair = np.sort(one, axis=None), np.sort(other, axis=None)
    return one.size > 1 and bool(_close(*pair, near).all())


def _factor(arrays: list[tuple], near: float) -> str:
    """Return the factor, if one makes all right numbers those that came back."""
    right = np.concatenate([one.ravel() for one, _ in arrays]).astype(float)
    given = np.concatenate([other.ravel() for _, other in arrays]).astype(float)
    large = np.abs(right) > 1e-3
    if large.sum() < 3 or not np.isfinite(given).all():
        return ""
    factor = float(np.median(given[large] / right[large]))
    if factor and _close(factor * right, given, 10 * near).all():
        return f"What comes back is {factor:.4g} times the right result, everywhere"
    more = float(np.median(given - right))
    if _close(right + more, given, 10 * near).all():
        return f"What comes back is larger by {more:.4g} everywhere"
    return ""


def place(
    expected: Sequence[Outcome],
    outcomes: Sequence[Outcome],
    cases: Sequence[Case],
    near: float,
) -> str:
    """Return where the answers are right, as a sentence with a blank in front."""
    pairs = _values(expected, outcomes)
    for kind, word in ((dict, ""), (tuple, "item ")) if pairs else ():
        if text := _parts(pairs, kind, word, near):
            return f" {text}"
    arrays = [(np.asarray(a), np.asarray(b)) for a, b in pairs if _numbers(a, b)]
    if pairs and len(arrays) == len(pairs) and (text := _along(arrays, near)):
        return f" {text}"
    off = [
        case.label
        for case, right, one in zip(cases, expected, outcomes, strict=True)
        if one.error != right.error or problem(right.value, one.value, near)
    ]
    if len(off) == 1 and len(cases) > 2:
        return f" Only one case fails, “{off[0]}”: the others are right."
    return ""


def _along(arrays: list[tuple], near: float) -> str:
    """Return at which end of an axis all answers are right, or wrong."""
    right = [_close(one, other, near) for one, other in arrays]
    for k in range(max(array.ndim for array in right)):
        ends = [_ends(one, k) for one in right if one.ndim > k and one.shape[k] > 1]
        for words, fits in ENDS:
            if len(ends) > 1 and all(map(fits, ends)):
                return words.format(k)
    return ""


def _ends(right: np.ndarray, axis: int) -> np.ndarray:
    """Return for each place along an axis whether all is right there."""
    others = tuple(k for k in range(right.ndim) if k != axis)
    return right.all(axis=others)


def _only(k: int) -> Callable:
    def fits(ends: np.ndarray) -> bool:
        return bool(ends[k]) and not np.delete(ends, k).any()

    return fits


def _all_but(k: int) -> Callable:
    return lambda ends: _only(k)(~ends)


ENDS = [
    (
        "Along axis {} only the first is right: what goes wrong on the way to the "
        "next?",
        _only(0),
    ),
    (
        "Along axis {} only the last is right: what goes wrong on the way to the one "
        "before it?",
        _only(-1),
    ),
    ("Along axis {} only the first is wrong.", _all_but(0)),
    ("Along axis {} only the last is wrong.", _all_but(-1)),
]
