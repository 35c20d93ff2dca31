"""What can be said about a wrong answer without knowing the exercise."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Sequence

import numpy as np

from exercises.box.runner import Case, Odd, Outcome, cut, same
from exercises.checks.compare import Problem, problem, short

NUMBERS = 24  # of an array, which are shown in full
LENGTH = 300  # of the text of an argument


def failure(expected: Outcome, given: Outcome, tolerance: float) -> Problem | None:
    """Return what is wrong with the outcome of one case, or None."""
    if given.skipped:
        return "skipped", "not tried, because an earlier one took too long"
    if given.timed_out:
        return "time", "stopped, because it took too long"
    if given.error == "NotImplementedError":
        return "unwritten", "not written yet"
    if given.error == expected.error != "":
        return None
    if given.error:
        message = cut(given.message, 90)
        return "error", f"raised {given.error}" + (f": {message}" if message else "")
    if expected.error:
        return "no error", f"expected a {expected.error}, got {short(given.value)}"
    if given.changed:
        return "changed", f"argument {given.changed[0] + 1} was changed"
    return problem(expected.value, given.value, tolerance)


def matches(known: Outcome, given: Outcome, tolerance: float) -> bool:
    """Tell whether two outcomes are the same mistake; here NaN matches NaN."""
    if known.timed_out or given.timed_out or given.skipped:
        return False
    if known.error or given.error:
        return known.error == given.error
    if known.changed != given.changed:
        return False
    if type(known.value) is Odd:
        return same(known.value, given.value)
    return problem(*_without_nan(known.value, given.value), tolerance) is None


def _without_nan(known: object, given: object) -> tuple[object, object]:
    """Return both values with NaN replaced where both have it."""
    if type(known) is float and type(given) is float and same(known, given):
        return 0.0, 0.0
    both = type(known) is np.ndarray and type(given) is np.ndarray
    floats = both and known.dtype.kind == "f" == given.dtype.kind
    if floats and known.shape == given.shape:
        nan = np.isnan(known) & np.isnan(given)
        return np.where(nan, 0, known), np.where(nan, 0, given)
    pair = type(known) in (list, tuple) and type(given) in (list, tuple)
    if pair and len(known) == len(given):
        items = [_without_nan(*two) for two in zip(known, given, strict=True)]
        return [one for one, _ in items], [other for _, other in items]
    if type(known) is type(given) is dict and set(known) == set(given):
        items = {key: _without_nan(known[key], given[key]) for key in known}
        return {k: i[0] for k, i in items.items()}, {k: i[1] for k, i in items.items()}
    return known, given


def is_constant(expected: tuple[Outcome, ...], outcomes: list[Outcome]) -> bool:
    """Tell whether one value came back for all cases, where it should not."""

    def one_value(of: list[Outcome] | tuple[Outcome, ...]) -> bool:
        return all(not o.error and same(o.value, of[0].value) for o in of)

    return one_value(outcomes) and not one_value(expected)


def is_silent(expected: tuple[Outcome, ...], outcomes: list[Outcome]) -> bool:
    """Tell whether None came back for all cases, and is not right for all."""
    nothing = all(one.value is None and not one.error for one in outcomes)
    return nothing and any(one.value is not None for one in expected)


def first_to_show(found: list[Problem | None], cases: Sequence[Case]) -> int:
    """Return the place of the smallest case that failed, if it can be with an error."""
    failed = [i for i, bad in enumerate(found) if bad and bad[0] != "skipped"]
    raised = [i for i in failed if found[i][0] == "error"]
    return min(raised or failed, key=lambda i: sum(map(_size, cases[i].args)))


def _size(value: object) -> int:
    """Return how many numbers a plain value holds."""
    if type(value) is dict:
        return _size([*value.values()])
    if type(value) in (list, tuple):
        return sum(map(_size, value))
    return value.size if type(value) is np.ndarray else 1


def plain_kind(
    found: list[Problem | None], outcomes: list[Outcome], text: str
) -> str | None:
    """Return the kind of mistake if the diagnosis `text` says all there is to it."""
    kinds = {bad[0] for bad in found if bad and bad[0] != "skipped"}
    everywhere = {
        "changed": "an argument is changed",
        "dtype": "the numbers are right and their type is not",
        "order": "the items are right and their order is not",
        "time": "it does not come to an end",
        "keys": "a name is missing, or one is too many",
    }
    if kinds == {"type"} and None not in found:
        return "another kind of thing is returned"
    if len(kinds) == 1 and (kind := kinds.pop()) in everywhere:
        return everywhere[kind]
    if all(one.value is None and not one.error for one in outcomes):
        return "nothing is returned"
    if all(type(one.value) is Odd and "Tensor" in one.value.what for one in outcomes):
        return "a tensor is returned"
    if "An axis of length 1 is missing: `keepdims=True`" in text:
        return "an axis of length 1 is missing"
    return "an argument is changed" if "The function changes a" in text else None


ERRORS = (
    ("NameError", "", "Is the name misspelt, or set in another cell or function?"),
    ("UnboundLocalError", "", "It is read before it is set. Does it need a start?"),
    ("ModuleNotFoundError", "", "The function needs nothing but NumPy."),
    ("IndexError", "arrays used as indices", "An index has to be a whole number."),
    ("IndexError", "too many indices", "Write the number of axes of each array down."),
    ("IndexError", "with size 0", "Nothing is in the array here. What is right then?"),
    (
        "AxisError",
        "",
        "The array has fewer axes here; `axis=-1` is the last, however many there are.",
    ),
    ("KeyError", "", "Is it set before it is read, and a name in every input?"),
    ("TypeError", "bitwise_xor", "`^` is no power in Python: write `**`."),
    ("TypeError", "for ^", "`^` is no power in Python: write `**`."),
    ("IndexError", "", "Does an index run one past the end, or along the wrong axis?"),
    ("TypeError", "positional argument", "Keep the parameters of the stub."),
    ("TypeError", "can be converted", "A number is needed, and there is an array."),
    ("TypeError", "scalar index", "A number is needed, and there is an array."),
    ("ValueError", "ambiguous", "`any` or `all` makes one truth of an array of them."),
    ("ValueError", "read-only", "Compute a new array in place of changing it."),
    ("ZeroDivisionError", "", "Which length or sum is 0 here?"),
    ("RecursionError", "", "The function calls itself, and never stops."),
    (
        "AttributeError",
        "'list' object",
        "A list is no array: np.array makes one of it.",
    ),
    ("AttributeError", "'tuple' object", "A tuple is no array: it has to be unpacked."),
)
"""An error, a part of its message, and what helps."""


def _help(outcome: Outcome, case: Case) -> str:
    """Return what helps against an error, with a blank in front."""
    message = outcome.message
    if any(word in message for word in ("broadcast", "match", "aligned", "sizes")):
        return f" {_shapes(message, case)}"
    for error, part, text in ERRORS:
        if outcome.error == error and part in message:
            return f" {text}"
    return ""


def _shapes(message: str, case: Case) -> str:
    """Return what can be said about shapes that do not fit."""
    shapes = [
        literal_eval(one) for one in re.findall(r"\([\d, ]*\d,?[\d, ]*\)", message)
    ]
    shapes = [one for one in shapes if type(one) is tuple]
    pair = sorted(shapes[-2:], key=len)
    if len(pair) == 2 and "aligned" not in message and pair[0] != pair[1]:
        small, large = pair
        if (size := _foreign(pair, case)) is not None:
            return f"No argument has the size {size}: is it a number in the code?"
        shorter = len(small) < len(large) and " into shape" not in message
        if shorter and any(
            _fits(small[:k] + (1,) + small[k:], large) for k in range(1, 4)
        ):
            return (
                "An axis of length 1 is missing: `keepdims=True` in a sum, mean or "
                "maximum keeps it, and `np.newaxis` in an index adds it."
            )
        if len(small) <= 2 and _fits(small[::-1], large):
            return "One of the two is the other way round: transpose it."
        return "Write the shape of each array beside it: these two do not fit."
    if "matmul" in message or "aligned" in message:
        return (
            "In a product, the columns of the left matrix are as many as the rows of "
            "the right one. Write both shapes down: one of them may need a transpose. "
            "(If numbers are to be multiplied one by one, that is `*`.)"
        )
    return "Two shapes do not fit. Write the shape of each array beside it."


def _foreign(shapes: list[tuple], case: Case) -> int | None:
    """Return a size that does not come from the arguments, nor is next to one."""
    own = {1, *_sizes(case.args)}
    near = {size + more for size in own for more in (-1, 0, 1)}
    near |= {a * b for a in own for b in own} | {a + b for a in own for b in own}
    foreign = [size for shape in shapes for size in shape if size not in near]
    return foreign[0] if foreign else None


def _sizes(value: object) -> set[int]:
    """Return all lengths and whole numbers in a plain value."""
    if type(value) is dict:
        return _sizes([*value.values()])
    if type(value) in (list, tuple):
        return {len(value)}.union(*map(_sizes, value))
    if type(value) is np.ndarray:
        return {*value.shape, value.size}
    if type(value) is str:
        return {len(value)}
    return {value} if type(value) is int else set()


def _fits(small: tuple, large: tuple) -> bool:
    """Tell whether NumPy stretches an array of the first shape to the second."""
    try:
        return np.broadcast_shapes(small, large) is not None
    except ValueError:
        return False


def broad_diagnosis(
    bad: Problem,
    expected: Outcome,
    outcome: Outcome,
    case: Case,
    name: str,
    parameters: list[str],
    silent: bool,
) -> str:
    """Return one to three sentences on one case that failed; see `is_silent`."""
    kind, text = bad
    if kind == "unwritten":
        return f"{name} is not written yet: it raises NotImplementedError."
    if kind == "time":
        return "The function did not come to an end. Is there an endless loop?"
    if kind == "none" and silent:
        shown = call(name, case, parameters)
        return f"On {shown} it returns None. Is the return statement missing?"
    if kind == "changed" or "read-only" in outcome.message:
        return _about_change([case.args[i] for i in outcome.changed])
    if kind == "error":
        shown = call(name, case, parameters)
        return f"On {shown} the function {text}.{_help(outcome, case)}"
    if kind == "none":
        text = f"expected {short(expected.value)}, and it returns None"
    if type(outcome.value) is Odd:
        kind, text = "type", f"{text}: not a number or an array"
    shown = call(name, case, parameters)
    reason = _reason(kind, expected.value, outcome.value)
    return f"The smallest input that fails is {shown}: {text}.{reason}"


def _reason(kind: str, expected: object, given: object) -> str:
    """Return what can be said about a value of this kind, with a blank in front."""
    reasons = {
        "none": "Which way through the function ends there?",
        "nan": "Look for 0 / 0, inf - inf or the logarithm of a negative number.",
        "shape": _about_shape(expected, given),
        "dtype": "Their type is wrong: see what `returns` says in the stub.",
        "dtype and value": "The numbers have the wrong type, and are not right either.",
        "type": _about_type(expected, given),
        "order": "Nothing is missing and nothing too many; only the order is another.",
    }
    return f" {reasons[kind]}" if kind in reasons else ""


def _about_change(changed: list) -> str:
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


def _about_type(expected: object, given: object) -> str:
    """Return what makes the kind of thing that is asked for of what is returned."""
    if type(given) is Odd and "Tensor" in given.what:
        return "`.item()` makes a number of a tensor, `.numpy()` an array."
    if type(given) is Odd and "type set" in given.what:
        return "`sorted` makes a list of a set."
    if type(given) is Odd and "array of type str" in given.what:
        return "`''.join(...)` makes one text of letters."
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


def _about_shape(expected: object, given: object) -> str:
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


def call(name: str, case: Case, parameters: list[str]) -> str:
    """Return the call of a case as text; of a large array only the shape."""
    parts = []
    for parameter, value in zip(parameters, case.args, strict=False):
        large = type(value) is np.ndarray and value.size > NUMBERS
        text = f"array of shape {value.shape}" if large else ""
        parts.append(f"{parameter}={text or short(value, 0, NUMBERS, LENGTH)}")
    return f"{name}({', '.join(parts)})"
