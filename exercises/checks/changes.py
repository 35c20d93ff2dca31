"""Small changes of results and arguments, with the words for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from math import log

import numpy as np

Change = tuple[str, Callable]
Array = np.ndarray


def _softmax(a: Array) -> Array:
    powers = np.exp(a - a.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _sigmoid(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


NUMBERS: list[Change] = [
    ("True and False for 1 and 0", lambda a: _kind(a, "iuf", bool)),
    ("1.0 and 0.0 for True and False", lambda a: _kind(a, "b", float)),
    ("1 and 0 for True and False", lambda a: _kind(a, "b", int)),
    ("the right numbers as floats, not whole numbers", lambda a: _kind(a, "iu", float)),
    ("the right numbers as whole numbers, not floats", lambda a: _kind(a, "f", int)),
    ("the right result with its sign turned", lambda a: -a),
    ("the absolute value of the right result", np.abs),
    ("1 minus the right result", lambda a: 1 - a),
    ("1 divided by the right result", lambda a: 1 / a),
    ("the square of the right result", lambda a: a**2),
    ("the square root of the right result", np.sqrt),
    ("the exponential of the right result", np.exp),
    ("the logarithm of the right result", np.log),
    ("the logarithm of the right result, to base 2", np.log2),
    ("minus the logarithm of the right result", lambda a: -np.log(a)),
    ("2 to the power of the right result", np.exp2),
    ("the tanh of the right result", np.tanh),
    ("the sigmoid of the right result", _sigmoid),
    ("right in bits and not in nats: it is divided by ln 2", lambda a: a / log(2)),
    ("the right result, multiplied by ln 2", lambda a: a * log(2)),
    ("right to base 10: it is divided by ln 10", lambda a: a / log(10)),
    ("2 to a power, where e to that power was asked for", lambda a: a ** log(2)),
    ("10 to a power, where e to that power was asked for", lambda a: a ** log(10)),
    ("e to a power in bits, which goes with 2", lambda a: a ** (1 / log(2))),
    ("10 to a power, where e to that power was asked for", lambda a: a ** log(10)),
    ("right by the rest: what is right is divided by what is not, not by all",
     lambda a: a / (1 - a)),
    ("1 minus the square of the right result", lambda a: 1 - a**2),
    ("twice the right result", lambda a: 2 * a),
    ("half of the right result", lambda a: a / 2),
    ("the right result in percent", lambda a: 100 * a),
    ("the right result plus 1", lambda a: a + 1),
    ("the right result minus 1", lambda a: a - 1),
    ("the right result, cut to whole numbers", lambda a: np.trunc(a).astype(int)),
    ("the right result, rounded to whole numbers", lambda a: np.rint(a).astype(int)),
    ("True where False is right, and False where True is", lambda a: ~_only(a, "b")),
    ("right, in 32 bits in place of 64", lambda a: _only(a, "f").astype(np.float32)),
    ("the softmax of the right result", lambda a: _softmax(_shape(a, 1))),
    ("right with the mean of all numbers taken off", lambda a: a - _shape(a, 1).mean()),
    *(
        (f"right, but with {small:g} added inside the logarithm",
         lambda a, small=small: np.log(np.exp(_only(a, "f")) + small))
        for small in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)
    ),
    *(
        (f"the right result, rounded to {n} digits after the point",
         lambda a, n=n: np.round(_only(a, "f"), n))
        for n in (0, 1, 2, 3, 4, 5, 6)
    ),
]  # fmt: skip
"""What is done to numbers, whatever their shape."""


def _only(a: Array, kinds: str) -> Array:
    if a.dtype.kind not in kinds:
        raise TypeError
    return a


def _kind(a: Array, before: str, after: type) -> Array:
    new = _only(a, before).astype(after)
    if (new != a).any():
        raise ValueError
    return new


def _shape(a: Array, least: int, most: int = 9) -> Array:
    if not least <= a.ndim <= most or not a.size:
        raise ValueError
    return a


def _late(a: Array, axis: int, by: int) -> Array:
    """Return the array one step late or early, with zeros where nothing comes from."""
    new = np.roll(a, by, axis)
    place = [slice(None)] * a.ndim
    place[axis] = 0 if by > 0 else -1
    new[tuple(place)] = 0
    return new


def _grown(a: Array, axis: int, before: int) -> Array:
    widths = [(0, 0)] * a.ndim
    widths[axis] = (before, 1 - before)
    return np.pad(a, widths)


def _pick(a: Array, axis: int, place: int) -> Array:
    return np.take(_shape(a, axis + 1), place, axis)


def _same(a: Array, axis: int, place: int) -> Array:
    one = np.take(_shape(a, axis + 1), [place], axis)
    return np.broadcast_to(one, a.shape).copy()


SHAPES: list[Change] = [
    ("the transpose of the right result", lambda a: _shape(a, 2, 2).T),
    ("right, with its last two axes swapped", lambda a: _shape(a, 3).swapaxes(-1, -2)),
    ("right, with its first two axes swapped", lambda a: _shape(a, 3).swapaxes(0, 1)),
    ("right, but its axes of length 1 are lost: `keepdims=True` or "
     "`np.newaxis` keeps them", np.squeeze),
    ("right, with an axis too many in front", lambda a: _shape(a, 0)[None]),
    ("right, with an axis of length 1 too many at the end",
     lambda a: _shape(a, 0)[..., None]),
    ("right, as one long row of numbers", lambda a: _shape(a, 2).ravel()),
    ("the right result, summed to one number", lambda a: _shape(a, 1).sum()),
    ("the mean of the right result, one number", lambda a: _shape(a, 1).mean()),
    ("the place of the largest number along the last axis, and not the numbers",
     lambda a: _shape(a, 1).argmax(axis=-1)),
    ("the places of what is not 0 or False", lambda a: np.argwhere(_shape(a, 1))),
    ("right, but divided by its sum", lambda a: a / _shape(a, 1).sum()),
    ("right, but divided by its sums along the last axis",
     lambda a: a / _shape(a, 1).sum(axis=-1, keepdims=True)),
    ("right, with every number below 0 set to 0", lambda a: np.maximum(a, 0)),
]  # fmt: skip
"""What is done to an array as a whole."""

AXES: list[Change] = [
    ("turned back to front along axis {}", lambda a, k: np.flip(a, k)),
    ("rolled by one along axis {}: the last comes first",
     lambda a, k: np.roll(a, 1, k)),
    ("rolled back by one along axis {}: the first comes last",
     lambda a, k: np.roll(a, -1, k)),
    ("one step late along axis {}, after zeros", lambda a, k: _late(a, k, 1)),
    ("one step early along axis {}, with zeros at the end",
     lambda a, k: _late(a, k, -1)),
    ("without its first part along axis {}",
     lambda a, k: _shape(a, k + 1)[(slice(None),) * k + (slice(1, None),)]),
    ("without its last part along axis {}",
     lambda a, k: _shape(a, k + 1)[(slice(None),) * k + (slice(None, -1),)]),
    ("with zeros too many at the start of axis {}", lambda a, k: _grown(a, k, 1)),
    ("with zeros too many at the end of axis {}", lambda a, k: _grown(a, k, 0)),
    ("only its first part along axis {}", lambda a, k: _pick(a, k, 0)),
    ("only its last part along axis {}", lambda a, k: _pick(a, k, -1)),
    ("with its last part everywhere along axis {}, as when one array is stored again "
     "and again", lambda a, k: _same(a, k, -1)),
    ("with its first part everywhere along axis {}", lambda a, k: _same(a, k, 0)),
    ("sorted along axis {}", lambda a, k: np.sort(a, k)),
    ("added up step by step along axis {}", lambda a, k: np.cumsum(a, k)),
    ("as differences from one step to the next along axis {}",
     lambda a, k: np.diff(a, axis=k, prepend=0)),
    ("summed along axis {}", lambda a, k: a.sum(axis=k)),
    ("averaged along axis {}", lambda a, k: a.mean(axis=k)),
    ("divided by the length of axis {}", lambda a, k: a / a.shape[k]),
    ("multiplied by the length of axis {}", lambda a, k: a * a.shape[k]),
]  # fmt: skip
"""What is done to an array along one axis."""

ITEMS: list[Change] = [
    ("the right items from the last to the first", lambda v: v[::-1]),
    ("the right items in sorted order", sorted),
    ("the right items, sorted from the largest down",
     lambda v: sorted(v, reverse=True)),
    ("the right items without the first", lambda v: v[1:]),
    ("the right items without the last", lambda v: v[:-1]),
    ("the right items, beginning with the second: the first stands at the end",
     lambda v: v[1:] + v[:1]),
    ("the right items, beginning with the last", lambda v: v[-1:] + v[:-1]),
    ("the first of the right items, not all of them", lambda v: v[0]),
    ("the last of the right items, not all of them", lambda v: v[-1]),
    ("the number of the right items and not the items", len),
    ("the right items with a 1 in front of them", lambda v: type(v)((1, *v))),
    ("the right items with a 1 behind them", lambda v: type(v)((*v, 1))),
    ("the last item again and again, as when one array is stored several times",
     lambda v: v[-1:] * len(v)),
    ("the first item again and again", lambda v: v[:1] * len(v)),
]  # fmt: skip
"""What is done to a list, a tuple or a text."""


def of_results(values: Sequence) -> Iterator[Change]:
    """Yield changes of a result, for results of the kind of these.

    Parameters
    ----------
    values : sequence
        The right results of all cases, plain data.

    Yields
    ------
    (str, callable)
        In words that follow "What comes back is".
    """
    first = values[0]
    if type(first) is dict:
        yield from _of_dicts(first)
    elif type(first) in (list, tuple, str):
        yield from _of_items(first)
    for text, change in _of_numbers(first):
        yield text, lambda value, change=change: _each(value, change)
    if type(first) is bool:
        yield "True where False is right, and False where True is", lambda v: not v
    if type(first) in (int, float):
        yield "right, as an array or list and not as a number", lambda v: [v]
        yield "right, as a text", str
    if type(first) is np.ndarray:
        yield "right, as a list and not as an array", lambda v: v.tolist()


def changes_of(part: object) -> Iterator[Change]:
    """Yield the changes of one part of a dict or tuple, in words after "which is"."""
    for text, change in _of_numbers(part):
        yield _bare(text), _whole(change)
    if type(part) in (list, tuple):
        yield from ITEMS


def _of_numbers(value: object) -> Iterator[Change]:
    """Yield the changes that fit all numbers and arrays of a result."""
    if type(value) in (list, tuple, dict):
        parts = [*value.values()] if type(value) is dict else value
        value = max(parts, key=np.ndim, default=None)
    if type(value) in (int, float, np.ndarray):
        yield from NUMBERS
    for text, change in SHAPES if type(value) is np.ndarray else ():
        yield text, change
    axes = value.ndim if type(value) is np.ndarray else 0
    for text, change in AXES:
        for k in range(axes):
            yield f"right, but {text.format(k)}", lambda a, c=change, k=k: c(a, k)


def _each(value: object, change: Callable) -> object:
    """Return the value with all its numbers and arrays changed."""
    if type(value) in (list, tuple):
        return type(value)(_each(one, change) for one in value)
    if type(value) is dict:
        return {name: _each(one, change) for name, one in value.items()}
    if type(value) is np.ndarray:
        return change(value)
    if type(value) in (int, float):
        new = np.asarray(change(np.asarray(value)))
        return new.item() if new.ndim == 0 else new
    raise TypeError


def _of_items(first: list | tuple | str) -> Iterator[Change]:
    yield from ITEMS
    if type(first) is str:
        yield "the right text in small letters", str.lower
        yield "the right text as a list of letters", list
        yield "the right text with blanks between the letters", " ".join
        yield "the right text with commas between the letters", ",".join
        yield "the text of a list, as `str` makes it", lambda v: str(list(v))
        return
    yield "the right items, each only once", lambda v: list(dict.fromkeys(v))
    if type(first) is list:
        return
    for order in permutations(range(len(first))) if len(first) <= 4 else ():
        words = ", ".join(map(str, order))
        yield (
            f"the right items in another order: {words}",
            lambda v, order=order: tuple(v[i] for i in order),
        )
    for i, part in enumerate(first):
        for text, change in _of_numbers(part):
            yield (
                f"right but for item {i}, which is {_bare(text)}",
                lambda v, i=i, c=change: (*v[:i], _each(v[i], c), *v[i + 1 :]),
            )


def _of_dicts(first: dict) -> Iterator[Change]:
    yield "the right values without their names", lambda v: list(v.values())
    for name, part in first.items():
        yield (
            f"right but for {name!r}, which is missing",
            lambda v, name=name: {k: v[k] for k in v if k != name},
        )
        several = type(part) in (list, tuple)
        changes = [(text, _whole(change)) for text, change in _of_numbers(part)]
        for text, change in [*changes, *ITEMS] if several else changes:
            yield (
                f"right but for {name!r}, which is {_bare(text)}",
                lambda v, name=name, c=change: {**v, name: c(v[name])},
            )
        for other in first:
            if name < other:
                yield (
                    f"right but for {name!r} and {other!r}, which are exchanged",
                    lambda v, a=name, b=other: {**v, a: v[b], b: v[a]},
                )


def _bare(text: str) -> str:
    return text.removeprefix("right, ").removeprefix("but ")


def _whole(change: Callable) -> Callable:
    return lambda value: _each(value, change)


def of_sizes(names: list[str], calls: Sequence[tuple]) -> Iterator[tuple[str, list]]:
    """Yield what an answer may be divided by, and its value on every case.

    Parameters
    ----------
    names : list of str
        The parameters.
    calls : sequence of tuple
        The arguments of every case.

    Yields
    ------
    (str, list of float)
    """
    for i, name in enumerate(names):
        values = [args[i] for args in calls]
        if type(values[0]) in (int, float):
            yield f"`{name}`", values
        if type(values[0]) is list:
            yield f"`len({name})`", [len(value) for value in values]
            if type(values[0][0]) is list:
                yield f"the items of `{name}`", [sum(map(len, v)) for v in values]
        if type(values[0]) is not np.ndarray:
            continue
        for k in range(values[0].ndim):
            lengths = [v.shape[k] if v.ndim > k else 1 for v in values]
            yield (f"`len({name})`" if k == 0 else f"`{name}.shape[{k}]`"), lengths
        yield f"`{name}.size`", [value.size for value in values]
        if values[0].ndim == 3:
            sizes = [value.shape[0] * value.shape[1] for value in values]
            yield f"the number of positions, `{name}.shape[0] * {name}.shape[1]`", sizes
        if values[0].dtype.kind in "biu":
            yield f"`{name}.sum()`", [int(value.sum()) for value in values]


ARGUMENTS: list[Change] = [
    ("is transposed", lambda a: _shape(a, 2, 2).T),
    ("has its last two axes swapped", lambda a: _shape(a, 3).swapaxes(-1, -2)),
    ("has its first two axes swapped", lambda a: _shape(a, 3).swapaxes(0, 1)),
    ("is zero, as if it were left out", np.zeros_like),
    ("is 1, as if it were left out", np.ones_like),
    ("has its sign turned", lambda a: -_only(a, "f")),
    ("is turned round, True for False", lambda a: ~_only(a, "b")),
    ("is True everywhere, as if it were left out",
     lambda a: np.ones_like(_only(a, "b"))),
    ("goes through tanh first", lambda a: np.tanh(_only(a, "f"))),
    ("goes through a sigmoid first", lambda a: _sigmoid(_only(a, "f"))),
    ("is replaced by 1 where it is above 0 and by 0 elsewhere",
     lambda a: (_only(a, "f") > 0).astype(float)),
    ("is replaced by its square root", lambda a: np.sqrt(_only(a, "f"))),
    ("goes through a softmax first", lambda a: _softmax(_only(_shape(a, 1), "f"))),
    ("goes through exp first", lambda a: np.exp(_only(a, "f"))),
    ("goes through a logarithm first", lambda a: np.log(_only(a, "f"))),
    ("is squared first", lambda a: _only(a, "iuf") ** 2),
    ("is taken without its sign", lambda a: np.abs(_only(a, "if"))),
    ("is replaced by its signs", lambda a: np.sign(_only(a, "if"))),
    ("is cut to whole numbers", lambda a: _only(a, "f").astype(int)),
    ("is doubled", lambda a: 2 * _only(a, "iuf")),
    ("is halved", lambda a: _only(a, "f") / 2),
    ("is replaced by 1 divided by it", lambda a: 1 / _only(a, "f")),
    ("is replaced by 1 minus it", lambda a: 1 - _only(a, "f")),
    ("is larger by 1", lambda a: _only(a, "iu") + 1),
    ("is smaller by 1", lambda a: _only(a, "iu") - 1),
    ("is replaced by where it is not 0", lambda a: (_only(a, "iu") > 0).astype(int)),
    ("is replaced by its mean over everything",
     lambda a: np.full(a.shape, _only(_shape(a, 1), "f").mean())),
    ("has its last two axes cut up again by reshape and not swapped",
     lambda a: _shape(a, 3).reshape(a.shape[1], a.shape[0], -1).swapaxes(0, 1)),
]  # fmt: skip
"""What is done to an argument; a number is an array without axes here."""

FIXED = {
    int: (26, 32, 128, 5, 10),
    float: (0.3, 0.1, 0.01, 0.001, 0.5, 1e-5, 1.0),
}
"""Numbers of this book that are written into an answer."""

ALONG: list[Change] = [
    ("is turned back to front along axis {}", lambda a, k: np.flip(a, k)),
    ("is rolled by one along axis {}", lambda a, k: np.roll(a, 1, k)),
    ("is rolled back by one along axis {}", lambda a, k: np.roll(a, -1, k)),
    ("comes one step late along axis {}", lambda a, k: _late(a, k, 1)),
    ("comes one step early along axis {}", lambda a, k: _late(a, k, -1)),
    ("is used without its first part along axis {}",
     lambda a, k: np.delete(a, 0, k)),
    ("is used without its last part along axis {}", lambda a, k: np.delete(a, -1, k)),
    ("is summed along axis {} first", lambda a, k: a.sum(axis=k, keepdims=True)),
    ("is averaged along axis {} first", lambda a, k: a.mean(axis=k, keepdims=True)),
    ("is used with its first part everywhere along axis {}",
     lambda a, k: _same(a, k, 0)),
    ("is used with its last part everywhere along axis {}",
     lambda a, k: _same(a, k, -1)),
    ("is used only in its first part along axis {}",
     lambda a, k: np.take(a, [0], k)),
    ("is used only in its last part along axis {}",
     lambda a, k: np.take(a, [-1], k)),
    ("is sorted along axis {} first", lambda a, k: np.sort(a, k)),
    ("is made one long row first (by axis {})",
     lambda a, k: _shape(a, 2, 2).reshape((1, -1) if k == 0 else (-1, 1))),
]  # fmt: skip

ROWS: list[Change] = [
    ("is read from its end", lambda v: v[::-1]),
    ("is used without its first item", lambda v: v[1:]),
    ("is used without its last item", lambda v: v[:-1]),
    ("is used only in its first item", lambda v: v[:1]),
    ("is used only in its last item", lambda v: v[-1:]),
    ("is sorted first", sorted),
    ("has every item sorted first", lambda v: [sorted(one) for one in v]),
    ("has every item read from its end", lambda v: [one[::-1] for one in v]),
    ("has every item used without its first part", lambda v: [one[1:] for one in v]),
    ("has every item used without its last part", lambda v: [one[:-1] for one in v]),
    ("has every item used only once", lambda v: list(dict.fromkeys(v))),
    ("is joined to one long item first", lambda v: [[s for row in v for s in row]]),
]


def of_arguments(names: list[str], calls: Sequence[tuple]) -> Iterator[Change]:
    """Yield changes of the arguments, each from their tuple to another one.

    Parameters
    ----------
    names : list of str
        The parameters.
    calls : sequence of tuple
        The arguments of every case.

    Yields
    ------
    (str, callable)
        In words that follow "This is what you get when".
    """
    first = calls[0]
    for i, name in enumerate(names):
        for text, change in _of_argument(first[i]):
            yield f"`{name}` {text}", _at(i, change)
        for key in first[i] if type(first[i]) is dict else ():
            for text, change in ARGUMENTS:
                yield f"`{name}[{key!r}]` {text}", _at(i, _at_key(key, change))
    yield from _of_all(calls)
    yield from _by_size(names, calls)
    for i, one in enumerate(first):
        for j in range(i + 1, len(first)):
            if type(one) is type(first[j]) and np.ndim(one) == np.ndim(first[j]):
                yield f"`{names[i]}` and `{names[j]}` are exchanged", _swap(i, j)


def turned(calls: Sequence[tuple]) -> Callable | None:
    """Return what exchanges axis 0 and axis 1 of the first argument.

    Arguments that have the same two axes are turned with it.
    """
    shapes = [[_two_axes(one) for one in args] for args in calls]
    if not all(args and args[0] for args in shapes):
        return None
    alike = [all(s[i] == s[0] for s in shapes) for i in range(len(shapes[0]))]

    def change(args: tuple) -> tuple:
        pairs = zip(args, alike, strict=True)
        return tuple(one.swapaxes(0, 1) if same else one for one, same in pairs)

    return change


def _two_axes(value: object) -> tuple:
    """Return the first two lengths of an array that has them."""
    return value.shape[:2] if type(value) is Array and value.ndim > 1 else ()


def _of_argument(value: object) -> Iterator[Change]:
    if type(value) in (int, float):
        for fixed in FIXED[type(value)]:
            yield f"is {fixed}, whatever is given", lambda v, fixed=fixed: fixed
    if type(value) is list or type(value) is str:
        yield from ROWS
    elif type(value) in (int, float, np.ndarray, dict):
        for text, change in ARGUMENTS:
            yield text, lambda v, change=change: _each(v, change)
    for text, change in ALONG if type(value) is np.ndarray else ():
        for k in range(value.ndim):
            yield text.format(k), lambda a, c=change, k=k: c(_shape(a, k + 1), k)


def _by_size(names: list[str], calls: Sequence[tuple]) -> Iterator[Change]:
    """Yield what multiplies or divides one argument by a size."""
    floats = [
        i
        for i, one in enumerate(calls[0])
        if type(one) is float or getattr(one, "dtype", None) == np.float64
    ]
    for text, _ in of_sizes(names, calls) if floats else ():
        for i in floats:
            for word, power in (("multiplied", 1), ("divided", -1)):

                def change(
                    args: tuple, i: int = i, p: int = power, t: str = text
                ) -> tuple:
                    size = dict(of_sizes(names, [args])).get(t, [0])[0]
                    return (*args[:i], args[i] * float(size) ** p, *args[i + 1 :])

                yield f"`{names[i]}` is {word} by {text}", change


def _of_all(calls: Sequence[tuple]) -> Iterator[Change]:
    """Yield what cuts all arrays at once, where one axis is as long in all of them."""
    for k in (0, 1):
        lengths = [[n for one in args if (n := _length(one, k))] for args in calls]
        if not all(len(found) > 1 == len(set(found)) for found in lengths):
            continue
        for text, places in (
            ("only the first part is used", slice(1)),
            ("only the last part is used", slice(-1, None)),
            ("the first part is left out", slice(1, None)),
            ("the last part is left out", slice(-1)),
        ):
            cut = (slice(None),) * k + (places,)
            yield (
                f"{text} along axis {k} of all arrays",
                lambda args, cut=cut, k=k: tuple(
                    one[cut] if _length(one, k) else one for one in args
                ),
            )


def _length(value: object, axis: int) -> int:
    """Return the length of an axis of an array, and 0 if there is none."""
    return value.shape[axis] if type(value) is Array and value.ndim > axis else 0


def _at(i: int, change: Callable) -> Callable:
    return lambda args: (*args[:i], change(args[i]), *args[i + 1 :])


def _at_key(key: str, change: Callable) -> Callable:
    return lambda v: {**v, key: change(v[key])} if key in v else v


def _swap(i: int, j: int) -> Callable:
    def change(args: tuple) -> tuple:
        new = list(args)
        new[i], new[j] = args[j], args[i]
        return tuple(new)

    return change
