"""Plain data as lines of JSON: what crosses the border between grader and worker.

A value becomes a pair ``[kind, content]``: numbers as text, arrays of numbers as dtype,
shape and base64, and `Odd` for whatever is no plain data. Nothing is pickled. Reading
checks everything, because the other side may lie.
"""

import base64
import json
import math

import numpy as np

from exercises.box import runner

MAX_LINE = 24 * 2**20  # bytes of one line of JSON
MAX_DEPTH = 10
MAX_TEXT = 10_000
MAX_ITEMS = 10_000
MAX_BITS = 1_000
DTYPES = {np.dtype(code).str for code in ("?", *np.typecodes["AllInteger"], *"efd")}


class WireError(ValueError):
    """What came over the wire is not what the protocol allows."""


def pack(value) -> list:
    """Return plain data as nested lists that JSON can hold."""
    kind = type(value)
    if value is None or kind is bool:
        return ["plain", value]
    if kind is int:
        small = value.bit_length() <= MAX_BITS
        return ["int", str(value)] if small else ["odd", "a very large whole number"]
    if kind is float:
        return ["float", repr(value)]
    if kind is str:
        return ["str", value.encode("utf-8", "replace").decode("utf-8")]
    if kind is np.ndarray and value.dtype.str in DTYPES:
        data = base64.b64encode(value.tobytes()).decode("ascii")
        return ["array", [value.dtype.str, list(value.shape), data]]
    if kind in (list, tuple):
        return [kind.__name__, [pack(part) for part in value]]
    if kind is dict:
        return ["dict", [[pack(key), pack(part)] for key, part in value.items()]]
    return ["odd", value.what if kind is runner.Odd else "an unknown object"]


def need(condition: bool, what: str) -> None:
    """Raise WireError unless `condition` holds."""
    if not condition:
        raise WireError(what)


def is_list(value, length: int) -> bool:
    """Tell whether `value` is a list of `length` items."""
    return type(value) is list and len(value) == length


def text(value, longest: int = MAX_TEXT) -> str:
    """Return `value` if it is text and not too long."""
    need(type(value) is str and len(value) <= longest, "text of a wrong type or length")
    return value


def unpack_array(content) -> np.ndarray:
    """Return the array that `pack` described, with its own memory."""
    need(is_list(content, 3), "an array needs dtype, shape and data")
    dtype, shape, data = content
    need(type(dtype) is str and dtype in DTYPES, "a dtype that is not allowed")
    need(type(shape) is list and len(shape) <= 32, "a shape that is not allowed")
    need(all(type(n) is int and 0 <= n < 2**31 for n in shape), "a size out of range")
    need(runner.places(shape) <= runner.MAX_NUMBERS, "an array that is too large")
    raw = base64.b64decode(text(data, MAX_LINE), validate=True)
    size = math.prod(shape) * np.dtype(dtype).itemsize
    need(len(raw) == size, "array data that do not fit the shape")
    return np.frombuffer(raw, dtype).reshape(shape).copy()


def _unpack(packed, depth: int, room: list[int]):
    """Do the work of `unpack`; `room` holds how many values may still come."""
    room[0] -= 1
    need(room[0] >= 0, "too many values")
    need(is_list(packed, 2) and depth <= MAX_DEPTH, "not a pair of kind and content")
    kind, content = packed
    if kind == "plain":
        need(content is None or type(content) is bool, "a plain value of a wrong type")
        return content
    if kind == "int":
        value = int(text(content, 310))
        need(value.bit_length() <= MAX_BITS, "a whole number that is too large")
        return value
    if kind == "float":
        return float(text(content, 40))
    if kind == "str":
        return text(content)
    if kind == "odd":
        return runner.Odd(text(content, 400))
    if kind == "array":
        return unpack_array(content)
    need(kind in ("list", "tuple", "dict"), "a kind that is not known")
    need(type(content) is list and len(content) <= MAX_ITEMS, "too many items")
    if kind == "dict":
        need(all(is_list(pair, 2) for pair in content), "a dict of no pairs")
        pairs = [[_unpack(p, depth + 1, room) for p in pair] for pair in content]
        need(all(type(key) is str for key, _ in pairs), "a key of a wrong type")
        return dict(pairs)
    parts = [_unpack(part, depth + 1, room) for part in content]
    return parts if kind == "list" else tuple(parts)


def unpack(packed):
    """Return the value that `pack` described; raise WireError for anything else."""
    try:
        return _unpack(packed, 0, [2 * MAX_ITEMS])
    except WireError:
        raise
    except (ValueError, TypeError, RecursionError, MemoryError, OverflowError) as error:
        raise WireError("a value that cannot be read") from error


def pack_outcome(outcome) -> dict:
    """Return a `runner.Outcome` as JSON."""
    return {
        "value": pack(outcome.value),
        "error": outcome.error,
        "message": outcome.message,
        "timed_out": outcome.timed_out,
        "skipped": outcome.skipped,
        "changed": list(outcome.changed),
    }


def unpack_outcome(said: dict, arguments: int):
    """Return the outcome in `said`, of a case with so many arguments."""
    changed = said.get("changed")
    need(type(changed) is list and len(changed) <= arguments, "changed is no list")
    need(all(type(i) is int and 0 <= i < arguments for i in changed), "no argument")
    flags = [said.get("timed_out"), said.get("skipped")]
    need(all(type(flag) is bool for flag in flags), "a flag that is none")
    error, message = text(said.get("error"), 400), text(said.get("message"), 400)
    value = unpack(said.get("value"))
    return runner.Outcome(value, error, message, *flags, tuple(changed))


def _refuse(constant: str):
    raise WireError(f"{constant} is no JSON")


def dumps(message) -> bytes:
    """Return `message` as one line."""
    return json.dumps(message).encode("ascii") + b"\n"


def loads(line: bytes) -> dict:
    """Return the message in `line`; raise WireError if it is not an object of JSON."""
    need(len(line) <= MAX_LINE, "a line that is too long")
    try:
        message = json.loads(line, parse_constant=_refuse)
    except WireError:
        raise
    except (ValueError, RecursionError, MemoryError) as error:
        raise WireError("not JSON") from error
    need(type(message) is dict, "not an object")
    return message
