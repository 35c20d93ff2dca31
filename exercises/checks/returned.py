"""What can be said about a thing that is not of the right kind or shape."""

from __future__ import annotations

import numpy as np

UNUSUAL = {
    "Tensor": "`.item()` makes a number of a tensor, `.numpy()` an array.",
    "type set": "`sorted` makes a list of a set.",
    "array of type str": "`''.join(...)` makes one text of letters.",
    "array of type complex": "Complex numbers: `np.abs` or `.real` makes real ones.",
    "generator": "`list` makes a list of a generator.",
    "type dict_": "`list` makes a list of what stands in a dict.",
    "type map": "`list` makes a list of a map.",
    "type zip": "`list` makes a list of a zip.",
    "method": "It is not called: its brackets are missing.",
    "function": "It is not called: its brackets are missing.",
}
"""Words for what is returned and is no plain data, and what helps."""


def about_odd(what: str) -> str:
    """Return what makes plain data of an unusual thing, or an empty text."""
    return next((text for part, text in UNUSUAL.items() if part in what), "")


def letters(value: object) -> object:
    """Return the letters of a text alone, and anything else as an object of its own."""
    if type(value) is not str:
        return object()
    return "".join(filter(str.isalnum, value)).lower()


def about_change(changed: list) -> str:
    """Return what to do in place of changing the arguments of these values."""
    if any(type(one) is dict for one in changed):
        return (
            "The function changes a dict that it was given, or an array in it, and its "
            "caller still needs both. Make a new dict, and put new arrays into it: "
            "`x - m` makes one, `x -= m` does not."
        )
    if any(type(one) is list for one in changed):
        return (
            "The function changes a list that it was given, and its caller still needs "
            "that list. Make a new one."
        )
    return (
        "The function changes an array that it was given, and its caller still "
        "needs that array. Compute a new one: `x = x - m`, not `x -= m`."
    )


def about_type(expected: object, given: object) -> str:
    """Return what makes the kind of thing that is asked for of what is returned."""
    if type(expected) is bool and type(given) is np.ndarray:
        return "`all` or `any` makes one truth of many comparisons."
    if type(expected) in (int, float) and type(given) in (np.ndarray, list, tuple):
        return "One number is asked for: which sum, mean or product is missing?"
    if type(expected) is np.ndarray and type(given) in (list, tuple):
        return "`np.array` makes an array of a list."
    if type(expected) is np.ndarray and type(given) in (int, float):
        return "An array is asked for: which sum or mean takes too much together?"
    if type(expected) in (list, str) and type(given) in (bool, int, float):
        return "All that were found are asked for, and not one answer."
    return "The kind of thing that is returned is not the one asked for."


def about_shape(expected: object, given: object) -> str:
    """Return what can be said about an array of a wrong shape."""
    if type(expected) is type(given) is np.ndarray:
        one, other = expected.shape, given.shape
        if [n for n in one if n > 1] == [n for n in other if n > 1]:
            return "An axis of length 1 is lost or too many: look at `keepdims`."
        if sorted(one) == sorted(other):
            return "The axes stand in another order: transpose, or swap two of them."
        if len(one) > len(other):
            return "An axis is lost: which sum, mean or index takes it away?"
        if len(one) < len(other):
            return "There is an axis too many: which sum or mean was to take it away?"
        off = [k for k in range(len(one)) if one[k] != other[k]]
        if len(off) == 1 and abs(one[off[0]] - other[off[0]]) == 1:
            much = "many" if other[off[0]] > one[off[0]] else "few"
            return f"Along axis {off[0]} there is one too {much}."
    return "Follow the shapes through the function, line by line."
