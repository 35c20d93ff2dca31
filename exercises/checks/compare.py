"""Say in words how a plain value differs from the expected one."""

from __future__ import annotations

import numpy as np

from exercises.box.runner import Odd, cut

Problem = tuple[str, str]  # a kind and a sentence
KINDS = {"b": "bool", "i": "whole numbers", "u": "whole numbers", "f": "floats"}


def problem(expected: object, given: object, tolerance: float) -> Problem | None:
    """Return how `given` differs from `expected`, or None.

    Parameters
    ----------
    expected, given : plain data
    tolerance : float
        Largest difference of two numbers, relative to the expected one where
        that is larger than 1.

    Returns
    -------
    tuple of str, or None
        A kind (``"none"``, ``"type"``, ``"shape"``, ``"length"``, ``"keys"``,
        ``"dtype"``, ``"nan"`` or ``"value"``) and a sentence.
    """
    if given is None and expected is not None:
        return "none", "nothing was returned"
    if type(given) is Odd:
        return "type", f"expected {describe(expected)}, got {given.what}"
    if type(expected) is np.ndarray:
        return _array_problem(expected, given, tolerance)
    if type(expected) is float:
        return _number_problem(expected, given, tolerance)
    if type(expected) in (list, tuple):
        return _items_problem(expected, given, tolerance)
    if type(expected) is dict:
        return _dict_problem(expected, given, tolerance)
    if type(given) is np.ndarray and given.ndim == 0:
        given = given.item()
    if type(given) is not type(expected):
        return "type", f"expected {describe(expected)}, got {describe(given)}"
    if given != expected:
        return "value", f"expected {short(expected)}, got {short(given)}"
    return None


def describe(value: object) -> str:
    """Return what kind of thing a plain value is."""
    if value is None:
        return "None"
    if type(value) is np.ndarray:
        return f"an array of {KINDS[value.dtype.kind]} of shape {value.shape}"
    if type(value) in (list, tuple):
        return f"a {type(value).__name__} of {len(value)}"
    names = {bool: "True or False", int: "a whole number", str: "a string"}
    names |= {float: "a float", dict: "a dict"}
    return names[type(value)]


def short(value: object) -> str:
    """Return a plain value on one short line."""
    if type(value) is Odd:
        return value.what
    if type(value) is float:
        return f"{value:.6g}"
    if type(value) is np.ndarray:
        text = np.array2string(
            value,
            precision=4,
            suppress_small=True,
            threshold=12,
            edgeitems=2,
            separator=", ",
            max_line_width=10_000,
        )
        text = " ".join(text.split())
        if value.size > 12:
            text += f" of shape {value.shape}"
    elif type(value) in (list, tuple):
        left, right = "[]" if type(value) is list else "()"
        text = left + ", ".join(map(short, value)) + right
    elif type(value) is dict:
        text = "{" + ", ".join(f"{k!r}: {short(v)}" for k, v in value.items()) + "}"
    else:
        text = repr(value)
    return cut(text, 160)


def _array_problem(
    expected: np.ndarray, given: object, tolerance: float
) -> Problem | None:
    if type(given) is not np.ndarray:
        return "type", f"expected {describe(expected)}, got {describe(given)}"
    if given.shape != expected.shape:
        return "shape", f"expected shape {expected.shape}, got {given.shape}"
    kinds = [KINDS[array.dtype.kind] for array in (expected, given)]
    if kinds[0] != kinds[1]:
        return "dtype", f"expected an array of {kinds[0]}, got one of {kinds[1]}"
    if expected.dtype.kind != "f":
        right = given == expected
    else:
        if given.dtype.itemsize < expected.dtype.itemsize:
            return "dtype", f"expected {expected.dtype}, got {given.dtype}"
        right = _close(expected, given, tolerance)
    if right.all():
        return None
    if np.isnan(given).any():
        return "nan", "NaN (not a number) in the result"
    if expected.size <= 6:
        return "value", f"expected {short(expected)}, got {short(given)}"
    place = tuple(int(i) for i in np.argwhere(~right)[0])
    one, other = short(expected[place].item()), short(given[place].item())
    where = ", ".join(map(str, place))
    return "value", f"at [{where}] expected {one}, got {other}"


def _number_problem(expected: float, given: object, tolerance: float) -> Problem | None:
    if type(given) is np.ndarray and given.ndim == 0:
        given = given.item()
    if type(given) not in (int, float):
        return "type", f"expected a number, got {describe(given)}"
    if given != given:
        return "nan", "NaN (not a number) was returned"
    if not _close(np.float64(expected), np.float64(given), tolerance):
        return "value", f"expected {short(expected)}, got {short(given)}"
    return None


def _items_problem(
    expected: list | tuple, given: object, tolerance: float
) -> Problem | None:
    if type(given) not in (list, tuple):
        return "type", f"expected {describe(expected)}, got {describe(given)}"
    if len(given) != len(expected):
        items = "1 item" if len(expected) == 1 else f"{len(expected)} items"
        return "length", f"expected {items}, got {len(given)}"
    for i, (one, other) in enumerate(zip(expected, given, strict=True)):
        if found := problem(one, other, tolerance):
            return found[0], f"item {i}: {found[1]}"
    return None


def _dict_problem(expected: dict, given: object, tolerance: float) -> Problem | None:
    if type(given) is not dict:
        return "type", f"expected a dict, got {describe(given)}"
    for key in expected:
        if key not in given:
            return "keys", f"the key {key!r} is missing"
        if found := problem(expected[key], given[key], tolerance):
            return found[0], f"the first that is off is {key!r}: {found[1]}"
    if len(given) > len(expected):
        extra = [key for key in given if key not in expected]
        return "keys", f"there is a key too many: {extra[0]!r}"
    return None


def _close(expected: np.ndarray, given: np.ndarray, tolerance: float) -> np.ndarray:
    """Tell which numbers agree; infinities must be equal, and NaN never is."""
    with np.errstate(all="ignore"):
        limit = tolerance * np.maximum(1, np.abs(expected))
        near = np.abs(given - expected) <= limit
        return (given == expected) | (near & np.isfinite(expected))
