"""What can be said about a wrong answer without knowing the exercise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from exercises.box.runner import Case, Odd, Outcome, cut, same
from exercises.checks.compare import Problem, agree, problem, short
from exercises.checks.errors import help_with
from exercises.checks.returned import (
    about_change,
    about_odd,
    about_shape,
    about_type,
    letters,
)

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
        message = message.rstrip(".")
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
    return agree(known.value, given.value, tolerance)


def subsets(
    found: Sequence[Problem | None], outcomes: Sequence[Outcome]
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield cases to leave out and the rest: a known mistake may have an odd case.

    Those with NaN or infinity are left out together, any other alone; but never one
    with plain numbers that are wrong, which a known mistake has to explain.
    """
    failed = [i for i, bad in enumerate(found) if bad]
    infinite = [i for i in failed if not is_finite(outcomes[i].value)]
    others = [[i] for i in failed if found[i][0] != "value" and i not in infinite]
    for odd in ([infinite] if infinite else []) + others:
        rest = [i for i in range(len(found)) if i not in odd]
        if sum(i in failed for i in rest) > 1:
            yield odd, rest


def is_finite(value: object) -> bool:
    """Tell whether a plain value holds neither NaN nor infinity."""
    if type(value) is dict:
        return all(map(is_finite, value.values()))
    if type(value) in (list, tuple):
        return all(map(is_finite, value))
    numbers = type(value) in (float, np.ndarray)
    return not numbers or bool(np.isfinite(value).all())


def fixed_size(expected: Sequence[Outcome], outcomes: Sequence[Outcome]) -> str:
    """Return what is to be said if one shape comes back where they should differ."""
    right, given = (
        [getattr(one.value, "shape", None) for one in some]
        for some in (expected, outcomes)
    )
    if None in right or len(set(right)) == 1 or len(set(given)) > 1 or given[0] is None:
        return ""
    return " The same shape comes back for every input: a size stands in the code."


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
    wrong = [i for i in failed if found[i][0] != "dtype"]  # more than its type
    return min(raised or wrong or failed, key=lambda i: sum(map(_size, cases[i].args)))


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
    if len(kinds) == 1 and min(kinds) in everywhere:
        return everywhere[min(kinds)]
    if "none" in kinds <= {"none", "no error"}:
        return "nothing is returned"
    if all(type(one.value) is Odd and "Tensor" in one.value.what for one in outcomes):
        return "a tensor is returned"
    return next((kind for part, kind in TOLD.items() if part in text), None)


TOLD = {
    "The function changes a": "an argument is changed",
    "An axis of length 1 is missing: `keepdims=True`": "an axis of length 1 is missing",
    "One of the indices needs an axis": "an axis of length 1 is missing",
    "another order of axes than the targets": "the axes stand in two orders",
    "`squeeze` drops axes": "an axis that is longer is squeezed",
    "do not fit into": "there are too many numbers for their places",
    "wants the classes on axis 1": "the classes stand on another axis",
    "`view` cannot follow a transpose": "`view` follows a transpose",
    "PyTorch needs tensors": "arrays are given to PyTorch",
    "a size stands in the code": "a size stands in the code",
    "Only large and small letters": "a word is spelt in another way",
}
"""Words of a diagnosis that say all there is to it, and the kind of mistake."""


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
    shown = call(name, case, parameters)
    if kind == "none" and silent:
        return f"On {shown} it returns None. Is the return statement missing?"
    if kind == "changed" or "read-only" in outcome.message:
        return about_change([case.args[i] for i in outcome.changed])
    if kind == "error":
        return f"On {shown} the function {text}.{help_with(outcome, case)}"
    if kind == "none":
        text = f"expected {short(expected.value)}, and it returns None"
    reasons = {
        "none": "Which way through the function ends there?",
        "nan": "Look for 0 / 0, inf - inf or the logarithm of a negative number.",
        "shape": about_shape(expected.value, outcome.value),
        "dtype": "Their type is wrong: see what `returns` says in the stub.",
        "dtype and value": "The numbers have the wrong type, and are not right either.",
        "type": about_type(expected.value, outcome.value),
        "order": "Nothing is missing and nothing too many; only the order is another.",
    }
    if letters(expected.value) == letters(outcome.value):
        reasons[kind] = "Only large and small letters, blanks or signs differ."
    if type(outcome.value) is Odd:
        reason = about_odd(outcome.value.what)
        kind, text = "type", text if reason else f"{text}: not a number or an array"
        reasons["type"] = reason or reasons["type"]
    found = f"The smallest input that fails is {shown}: {text}."
    return f"{found} {reasons[kind]}" if kind in reasons else found


def call(name: str, case: Case, parameters: list[str]) -> str:
    """Return the call of a case as text; of a large array only the shape."""
    parts = []
    for parameter, value in zip(parameters, case.args, strict=False):
        large = type(value) is np.ndarray and value.size > NUMBERS
        text = f"array of shape {value.shape}" if large else ""
        parts.append(f"{parameter}={text or short(value, 0, NUMBERS, LENGTH)}")
    return f"{name}({', '.join(parts)})"
