"""What can be said about a wrong answer without knowing the exercise."""

from __future__ import annotations

import numpy as np

from exercises.box.runner import Case, Odd, Outcome, cut, same
from exercises.checks.compare import Problem, problem, short


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


SHAPES = ("mismatch", "broadcast", "not aligned", "inhomogeneous")


def broad_diagnosis(
    bad: Problem, outcome: Outcome, case: Case, name: str, parameters: list[str]
) -> str:
    """Return one to three sentences on the first case that failed."""
    kind, text = bad
    if kind == "unwritten":
        return f"{name} is not written yet: it raises NotImplementedError."
    if kind == "time":
        return "The function did not come to an end. Is there an endless loop?"
    if kind == "none":
        return "The function returns None. Is the return statement missing?"
    if kind == "changed" or "read-only" in outcome.message:
        return (
            "The function changes an array that it was given, and its caller still "
            "needs that array. Compute a new one: `x = x - m`, not `x -= m`."
        )
    if kind == "error":
        text = f"On {call(name, case, parameters)} the function {text}."
        if any(word in outcome.message for word in SHAPES):
            text += (
                " Two shapes do not fit. Write the shape of each array beside it; one "
                "of them may need a transpose."
            )
        return text
    reasons = {
        "nan": "Look for 0 / 0, inf - inf or the logarithm of a negative number.",
        "shape": "Follow the shapes through the function, line by line.",
        "dtype": "The numbers have the wrong type.",
        "type": "The kind of thing that is returned is not the one asked for.",
    }
    if type(outcome.value) is Odd:
        kind, text = "type", f"{text}: not a number or an array"
    found = f"The smallest input that fails is {call(name, case, parameters)}: {text}."
    return f"{found} {reasons[kind]}" if kind in reasons else found


def call(name: str, case: Case, parameters: list[str]) -> str:
    """Return the call of a case as text; of a large array only the shape."""
    parts = []
    for parameter, value in zip(parameters, case.args, strict=False):
        large = type(value) is np.ndarray and value.size > 6
        text = f"array of shape {value.shape}" if large else short(value)
        parts.append(f"{parameter}={text}")
    return f"{name}({', '.join(parts)})"
