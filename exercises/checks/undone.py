"""Recognise an answer that stopped too early: one more step would make it right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from exercises.box.runner import Outcome, plain, same
from exercises.checks.compare import problem, short

LARGEST = 20_000  # numbers of an answer that is looked at


def unfinished(
    expected: Sequence[Outcome], outcomes: Sequence[Outcome], tolerance: float
) -> str:
    """Return what is missing or too much, or an empty text.

    Parameters
    ----------
    expected, outcomes : sequence of Outcome
        One per case.
    tolerance : float

    Returns
    -------
    str
        A sentence without its full stop.
    """
    if any(one.error or one.timed_out or one.skipped for one in outcomes):
        return ""
    if text := _nearly(expected, outcomes, tolerance):
        return text
    values = [_array(one.value) for one in outcomes]
    if any(v is None or v.ndim == 0 or v.size > LARGEST for v in values):
        return ""
    steps = _steps(max(value.ndim for value in values))
    if not any(type(one.value) in (list, tuple) for one in outcomes):
        next(steps)  # it is none
    for text, change in steps:
        if all(
            _becomes(change, value, right.value, tolerance)
            for value, right in zip(values, expected, strict=True)
        ):
            return text
    return ""


def _nearly(
    expected: Sequence[Outcome], outcomes: Sequence[Outcome], tolerance: float
) -> str:
    """Return what is wrong with an answer whose parts are right, or an empty text."""
    pairs = [(e.value, o.value) for e, o in zip(expected, outcomes, strict=True)]

    def are_right(pairs: list) -> bool:
        return all(problem(*pair, tolerance) is None for pair in pairs)

    if all(type(given) is tuple for _, given in pairs):
        for k in range(min(len(given) for _, given in pairs)):
            if are_right([(right, given[k]) for right, given in pairs]):
                return f"Item {k} of the tuple is right: return that alone"
    ones = all(_has_ones_too_many(*pair) for pair in pairs)
    if ones and are_right([(right, one.reshape(right.shape)) for right, one in pairs]):
        return "The numbers are right; axes of length 1 are too many (`keepdims`?)"
    texts = all(type(one) is type(two) is str for one, two in pairs)
    if (
        texts
        and not are_right(pairs)
        and are_right([(right, "".join(one.split())) for right, one in pairs])
    ):
        return "The text is right but for blanks or line breaks in it"
    instead = [given for right, given in pairs if right is None]
    if instead and instead[0] is not None:
        always = all(same(one, instead[0]) for one in instead)
        if always and are_right([pair for pair in pairs if pair[0] is not None]):
            return f"Where None is asked for, there comes {short(instead[0])}"
    if all(type(right) is type(given) is dict for right, given in pairs):
        return _names(pairs, are_right)
    return ""


def _has_ones_too_many(right: object, given: object) -> bool:
    """Tell whether an array has the right shape but for axes of length 1."""
    if type(right) is not np.ndarray or type(given) is not np.ndarray:
        return False
    return right.ndim < given.ndim and right.squeeze().shape == given.squeeze().shape


def _names(pairs: list[tuple[dict, dict]], are_right: Callable) -> str:
    """Return what is wrong with the names of dicts whose values are right."""
    strange = [name for right, given in pairs for name in given if name not in right]
    alone = not strange and all(len(given) == 1 for _, given in pairs)
    if alone and are_right([(r[k], g[k]) for r, g in pairs for k in g]):
        return "Only one name comes back, as when `return` stands in the loop"
    if strange and are_right([([*r.values()], [*g.values()]) for r, g in pairs]):
        return f"The values are right and their names are not, such as {strange[0]!r}"
    return ""


def _array(value: object) -> np.ndarray | None:
    """Return an array or a list of numbers or arrays as an array."""
    if type(value) in (list, tuple):
        parts = [_array(one) for one in value[:LARGEST]]
        if not parts or any(one is None for one in parts):
            return None
        if len({one.shape for one in parts}) > 1:
            return None
        return np.array(parts)
    if type(value) in (bool, int, float):
        return np.asarray(value)
    return value if type(value) is np.ndarray else None


def _steps(axes: int) -> Iterator[tuple[str, Callable]]:
    yield "It is a list or a tuple, and an array is asked for", lambda a: a
    for k in range(axes):
        yield f"The sum over axis {k} is missing", lambda a, k=k: a.sum(axis=k)
        yield f"The mean over axis {k} is missing", lambda a, k=k: a.mean(axis=k)
        part = f"Along axis {k} there is one too many"
        yield f"{part}, the first", lambda a, k=k: np.delete(a, 0, k)
        yield f"{part}, the last", lambda a, k=k: np.delete(a, -1, k)
        only = f"Of axis {k} only the last was asked for"
        yield only, lambda a, k=k: np.take(a, -1, k)
        only = f"Of axis {k} only the first was asked for"
        yield only, lambda a, k=k: np.take(a, 0, k)
    yield "The sum of all numbers is missing", np.sum
    yield "The mean of all numbers is missing", np.mean
    yield "The product of all numbers is missing", np.prod
    yield "`all` is missing: each comparison is returned", np.all
    yield "`any` is missing: each comparison is returned", np.any
    place = "The numbers are returned, and not the place of the largest"
    yield place, lambda a: a.argmax(axis=-1)


def _becomes(
    change: Callable, value: np.ndarray, right: object, tolerance: float
) -> bool:
    """Tell whether a changed value is the right one, which the value is not."""
    try:
        with np.errstate(all="ignore"):
            new = plain(change(value))
    except (ValueError, IndexError, TypeError):
        return False
    if type(right) is float and type(new) is int:
        new = float(new)
    return problem(right, new, tolerance) is None
