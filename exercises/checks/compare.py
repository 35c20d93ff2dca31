"""Say in words how a plain value differs from the expected one."""

from __future__ import annotations

import numpy as np

from exercises.box.runner import Odd, cut

Problem = tuple[str, str]  # a kind and a sentence
SHOWN = 12  # items of a list that has too many or too few
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
        A kind (``"none"``, ``"type"``, ``"shape"``, ``"length"``, ``"order"``,
        ``"keys"``, ``"dtype"``, ``"dtype and value"``, ``"nan"`` or ``"value"``) and
        a sentence. With ``"dtype"`` the numbers are right, and only their type is not.
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
        return "value", both(expected, given)
    return None


def agree(one: object, other: object, tolerance: float) -> bool:
    """Tell whether `problem` finds nothing wrong; but here NaN agrees with NaN."""
    if type(one) is np.ndarray:
        return type(other) is np.ndarray and _arrays_agree(one, other, tolerance)
    if type(other) is np.ndarray and other.ndim == 0:
        other = other.item()
    if type(one) is float:
        if type(other) not in (int, float):
            return False
        both_nan = one != one and other != other
        return both_nan or bool(_close(np.float64(one), np.float64(other), tolerance))
    if type(one) in (list, tuple):
        alike = type(other) in (list, tuple) and len(one) == len(other)
        return alike and all(
            agree(*two, tolerance) for two in zip(one, other, strict=True)
        )
    if type(one) is dict:
        alike = type(other) is dict and one.keys() == other.keys()
        return alike and all(agree(one[key], other[key], tolerance) for key in one)
    return type(one) is type(other) and type(other) is not Odd and one == other


def _arrays_agree(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    if one.shape != other.shape or KINDS[one.dtype.kind] != KINDS[other.dtype.kind]:
        return False
    if one.dtype.kind != "f":
        return np.array_equal(one, other)
    right = _close(one, other, tolerance) | (np.isnan(one) & np.isnan(other))
    return other.itemsize >= one.itemsize and bool(right.all())


def both(expected: object, given: object) -> str:
    """Return both values in one sentence, with so many digits that they differ."""
    for more in (0, 4, 8, 12):
        one, other = short(expected, more), short(given, more)
        if one != other:
            break
    return f"expected {one}, got {other}"


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
    return names.get(type(value), "something else")


def short(value: object, more: int = 0, numbers: int = 12, length: int = 160) -> str:
    """Return a plain value on one short line.

    Parameters
    ----------
    value : plain data
    more : int
        How many digits are to be shown beyond the usual ones.
    numbers : int
        Larger arrays are not written in full.
    length : int
        Where the line is cut.
    """
    if type(value) is Odd:
        return value.what
    if type(value) is float:
        return f"{value:.{min(17, 6 + more)}g}"
    if type(value) is np.ndarray:
        text = np.array2string(
            value,
            precision=4 + more,
            suppress_small=True,
            threshold=numbers,
            edgeitems=2,
            separator=", ",
            max_line_width=10_000,
        )
        text = " ".join(text.split())
        if value.size > numbers:
            text += f" of shape {value.shape}"
    elif type(value) in (list, tuple):
        left, right = "[]" if type(value) is list else "()"
        text = left + ", ".join(short(one, more) for one in value) + right
    elif type(value) is dict:
        text = (
            "{" + ", ".join(f"{k!r}: {short(v, more)}" for k, v in value.items()) + "}"
        )
    else:
        text = repr(value)
    return cut(text, length)


def _array_problem(
    expected: np.ndarray, given: object, tolerance: float
) -> Problem | None:
    if type(given) is not np.ndarray:
        return "type", f"expected {describe(expected)}, got {describe(given)}"
    if given.shape != expected.shape:
        return "shape", f"expected shape {expected.shape}, got {given.shape}"
    kinds = [KINDS[array.dtype.kind] for array in (expected, given)]
    small = expected.dtype.kind == "f" and given.dtype.itemsize < expected.itemsize
    if kinds[0] != kinds[1] or small:
        text = f"expected an array of {kinds[0]}, got one of {kinds[1]}"
        if kinds[0] == kinds[1]:
            text = f"expected {expected.dtype}, got {given.dtype}"
        rough = max(tolerance, 1e-5) if small else tolerance
        if _close(expected.astype(float), given.astype(float), rough).all():
            return "dtype", f"{text}; the numbers are right"
        return "dtype and value", text
    if expected.dtype.kind != "f":
        right = given == expected
    else:
        right = _close(expected, given, tolerance)
    if right.all():
        return None
    if np.isnan(given).any():
        return "nan", "NaN (not a number) in the result"
    if expected.size <= 6:
        return "value", both(expected, given)
    place = tuple(int(i) for i in np.argwhere(~right)[0])
    where = ", ".join(map(str, place))
    return "value", f"at [{where}] {both(expected[place].item(), given[place].item())}"


def _number_problem(expected: float, given: object, tolerance: float) -> Problem | None:
    if type(given) is np.ndarray and given.ndim == 0:
        given = given.item()
    if type(given) not in (int, float):
        return "type", f"expected a number, got {describe(given)}"
    if given != given:
        return "nan", "NaN (not a number) was returned"
    if not _close(np.float64(expected), np.float64(given), tolerance):
        return "value", both(float(expected), float(given))
    return None


def _items_problem(
    expected: list | tuple, given: object, tolerance: float
) -> Problem | None:
    if type(given) not in (list, tuple):
        return "type", f"expected {describe(expected)}, got {describe(given)}"
    if len(given) != len(expected):
        items = "1 item" if len(expected) == 1 else f"{len(expected)} items"
        text = f"expected {items}, got {len(given)}"
        simple = all(type(one) in (int, float, str, bool) for one in given[:SHOWN])
        if simple and len(given) <= SHOWN and len(expected) <= SHOWN:
            text += f": {short(given)} in place of {short(expected)}"
        return "length", text
    for i, (one, other) in enumerate(zip(expected, given, strict=True)):
        if found := problem(one, other, tolerance):
            if sorted(map(short, expected)) == sorted(map(short, given)):
                return "order", f"the right items in another order: {short(given)}"
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
