"""Recognise a dict or a tuple of which several parts are wrong, each in its own way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from exercises.box.runner import Outcome, plain
from exercises.checks.changes import changes_of
from exercises.checks.compare import problem

Values = list[object]
MOST = 12  # parts of a result that is looked at


def wrong_parts(
    expected: Sequence[Outcome], outcomes: Sequence[Outcome], tolerance: float
) -> tuple[str, list[tuple[object, object]]]:
    """Return what is wrong with each part that is, or an empty text.

    Parameters
    ----------
    expected, outcomes : sequence of Outcome
        One per case.
    tolerance : float

    Returns
    -------
    (str, list of (object, object))
        A sentence without its full stop; and the right and the given values of the
        parts that are wrong.
    """
    pairs = [(e.value, o.value) for e, o in zip(expected, outcomes, strict=True)]
    keys = _keys(pairs[0][0])
    if not keys or any(not _has(keys, one) for pair in pairs for one in pair):
        return "", []
    told, wrong = defaultdict(list), []
    for key in keys:
        right, given = ([pair[k][key] for pair in pairs] for k in (0, 1))
        if all(map(_alike(tolerance), right, given)):
            continue
        text = _change(right, given, tolerance)
        if not text:
            return "", []
        told[text].append(repr(key) if type(key) is str else f"item {key}")
        wrong += zip(right, given, strict=True)
    if not told:
        return "", []
    said = [
        f"{' and '.join(names)}, {'each ' if len(names) > 1 else 'which is '}{text}"
        for text, names in told.items()
    ]
    return f"What comes back is right but for {', and for '.join(said)}", wrong


def _keys(value: object) -> list:
    """Return the names or places of the parts of a value."""
    if type(value) not in (dict, tuple) or len(value) > MOST:
        return []
    return list(value) if type(value) is dict else list(range(len(value)))


def _has(keys: list, value: object) -> bool:
    if type(value) is dict:
        return set(keys) == set(value)
    return type(value) in (tuple, list) and keys == list(range(len(value)))


def _alike(tolerance: float) -> Callable:
    return lambda right, given: problem(right, given, tolerance) is None


def _change(right: Values, given: Values, tolerance: float) -> str:
    """Return the words for what makes the given values of the right ones."""
    pairs = list(zip(right, given, strict=True))
    for text, change in changes_of(right[0]):
        if all(_makes(change, *pair, tolerance) for pair in pairs):
            return text
    return ""


def _makes(change: Callable, right: object, given: object, tolerance: float) -> bool:
    try:
        with np.errstate(all="ignore"):
            made = plain(change(right))
    except (ValueError, TypeError, LookupError, ArithmeticError):
        made = right
    return problem(made, given, tolerance) is None
