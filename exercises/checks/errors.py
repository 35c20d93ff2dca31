"""What helps against an error that a reader's function raised."""

from __future__ import annotations

import re
from ast import literal_eval

import numpy as np

from exercises.box.runner import Case, Outcome

ERRORS = (
    ("NameError", "", "Is the name misspelt, or set in another cell or function?"),
    ("UnboundLocalError", "", "It is read before it is set. Does it need a start?"),
    ("ModuleNotFoundError", "", "The function needs nothing but NumPy."),
    ("IndexError", "arrays used as indices", "An index has to be a whole number."),
    ("IndexError", "too many indices", "Write the number of axes of each array down."),
    ("IndexError", "", "Does an index run one past the end, or along the wrong axis?"),
    (
        "IndexError",
        "shape mismatch",
        "One of the indices needs an axis more: `np.arange(N)[:, np.newaxis]`.",
    ),
    ("IndexError", "scalar variable", "A single number has no items and no axes."),
    ("IndexError", "with size 0", "Nothing is in the array here. What is right then?"),
    (
        "AxisError",
        "",
        "The array has fewer axes here; `axis=-1` is the last, however many there are.",
    ),
    ("KeyError", "", "Is it set before it is read, and a name in every input?"),
    ("TypeError", "bitwise_xor", "`^` is no power in Python: write `**`."),
    ("TypeError", "for ^", "`^` is no power in Python: write `**`."),
    ("TypeError", "positional argument", "Keep the parameters of the stub."),
    ("TypeError", "not callable", "Square brackets pick an item; round ones call."),
    ("TypeError", "must be Tensor", "PyTorch needs tensors: see `torch.from_numpy`."),
    ("TypeError", "not tuple", "A list has no axes: np.array makes an array of it."),
    ("TypeError", "'tuple'", "A tuple has to be unpacked: several things stand in it."),
    ("TypeError", "'dict'", "A dict is no number: `.values()` are what stands in it."),
    ("TypeError", "'list'", "A list is no array: np.array makes one of it."),
    ("TypeError", "sequence", "A list is no array: np.array makes one of it."),
    ("TypeError", "'NoneType'", "Something is None. Is a `return` missing?"),
    ("TypeError", "can be converted", "A number is needed, and there is an array."),
    ("TypeError", "scalar index", "A number is needed, and there is an array."),
    (
        "ValueError",
        "ambiguous",
        "`any` or `all` makes one truth of an array, and `&` stands for `and` between "
        "two. Of a tuple, first take the array.",
    ),
    ("ValueError", "inhomogeneous", "Its parts have different shapes: take one part."),
    ("ValueError", "enough dimensions", "A single number stands beside `@`."),
    ("ValueError", "axes don't match", "`swapaxes` swaps two axes, `T` all of them."),
    (
        "RuntimeError",
        "Expected target size",
        "`cross_entropy` wants the classes on axis 1, (N, K, T), or all positions in "
        "one row, (N * T, K).",
    ),
    (
        "ValueError",
        "Expected input batch_size",
        "The logits have another order of axes than the targets, or one is not cut up.",
    ),
    ("ValueError", "squeeze", "`squeeze` drops axes of length 1, and none of several."),
    ("RuntimeError", "view size", "`view` cannot follow a transpose; `reshape` can."),
    ("RuntimeError", "out of bounds", "Is this the axis of the classes?"),
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


def help_with(outcome: Outcome, case: Case) -> str:
    """Return what helps against an error, with a blank in front."""
    message = outcome.message
    fitting = [
        (part, text)
        for error, part, text in ERRORS
        if outcome.error == error and part in message
    ]
    special = [text for part, text in fitting if part]
    if not special and any(
        word in message for word in ("broadcast", "match", "aligned", "sizes")
    ):
        return f" {_shapes(message, case)}"
    texts = special or [text for _, text in fitting]
    return f" {texts[0]}" if texts else ""


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
        if len(small) == len(large) == 1 and "into shape" in message:
            numbers, places = shapes[-2:]
            count = f"{numbers[0]} numbers do not fit into {places[0]}"
            return f"{count}: how many places are needed?"
        turned = len(small) <= 2 and small[::-1] != small
        if turned and _fits(small[::-1], large):
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
