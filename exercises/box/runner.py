"""Run a function that nobody has read yet, and keep what it does as plain data.

Plain data are numbers, strings, None, arrays of numbers, and lists, tuples and
dicts of these. The module needs NumPy and nothing else of `rnn_lib`.
"""

from __future__ import annotations

import contextlib
import io
import math
import signal
import sys
import threading
import time
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

SECONDS = 2.0  # of the processor
ON_THE_CLOCK = 10  # so many times as long, for what waits and for a busy machine
MAX_NUMBERS = 1_000_000
MAX_DEPTH = 6
MAX_ITEMS = 10_000
MAX_BITS = 1_000
MAX_TEXT = 300


@dataclass(frozen=True)
class Case:
    """One call of an exercise's function.

    Parameters
    ----------
    label : str
        What is tried, in a few words.
    args : tuple
        The arguments, plain data.
    read_only : bool
        Whether the arrays refuse to be written to.
    """

    label: str
    args: tuple
    read_only: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a function did with one case.

    Parameters
    ----------
    value : object
        What it returned, as plain data; `Odd` if it cannot be.
    error, message : str
        Type and text of the error it raised; empty if there was none.
    timed_out, skipped : bool
        Whether it was stopped, or not run because an earlier case was.
    changed : tuple of int
        The arguments, counted from 0, that were not the same afterwards.
    """

    value: object = None
    error: str = ""
    message: str = ""
    timed_out: bool = False
    skipped: bool = False
    changed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Odd:
    """Stands for a returned object that is not plain data.

    Parameters
    ----------
    what : str
        What it was, in a few words.
    """

    what: str


class TimeUp(BaseException):
    """The time for one case is over."""


class Nowhere(io.TextIOBase):
    """A stream that forgets what is written to it."""

    def write(self, text: str) -> int:
        """Take `text` and drop it."""
        return len(text)


def cut(text: str, size: int) -> str:
    """Return `text`, with an ellipsis at its end if it is longer than `size`."""
    return text if len(text) <= size else text[: size - 1] + "…"


def safe_text(thing: object) -> str:
    """Return ``str(thing)`` on one line of at most 300 characters; never raise."""
    try:
        text = str.encode(str(thing), "utf-8", "replace").decode()
    except BaseException:
        return ""
    text = " ".join(text[: 2 * MAX_TEXT].split())
    text = "".join(char if char.isprintable() else "?" for char in text)
    return cut(text, MAX_TEXT)


def type_name(thing: object) -> str:
    """Return the name of the type of `thing`, whatever `thing` is."""
    try:
        return safe_text(type.__dict__["__name__"].__get__(type(thing)))
    except BaseException:
        return "object"


def plain(value: object) -> object:
    """Return `value` as plain data, copied; an `Odd` stands for what is none.

    Only objects of known types are looked into, so that no method of an unknown
    object is ever called. A named tuple or `torch.Size` is taken for the tuple that it
    is, and other kinds of list, dict and text likewise."""
    return _plain(value, 0, [MAX_ITEMS])


def _plain(value: object, depth: int, room: list[int]) -> object:
    """Do the work of `plain`; `room` holds how many items may still come."""
    kind = type(value)
    room[0] -= 1
    if room[0] < 0:
        return Odd("a very large object")
    if value is None or kind in (bool, float):
        return value
    if kind is int:
        return value if value.bit_length() <= MAX_BITS else Odd("a very large number")
    if kind is str:
        return value if len(value) <= MAX_ITEMS else Odd("a very long text")
    if kind in _SCALARS:
        return value.item()
    if kind is np.ndarray:
        return _plain_array(value)
    if kind not in (list, tuple, dict) and type(_basic(value, kind)) is not kind:
        return _plain(_basic(value, kind), depth, room)
    if kind not in (list, tuple, dict):
        return Odd(f"an object of type {type_name(value)}")
    if depth == MAX_DEPTH or len(value) > MAX_ITEMS:
        return Odd(f"a very large {kind.__name__}")
    if kind is dict:
        if not all(type(key) is str and len(key) <= MAX_TEXT for key in value):
            return Odd("a dict whose keys are not strings")
        return {key: _plain(item, depth + 1, room) for key, item in value.items()}
    return kind([_plain(item, depth + 1, room) for item in value])


def _basic(value: object, kind: type) -> object:
    """Return what a value of a derived kind is as a tuple, list, text or dict."""
    for base in (tuple, list, str):
        if issubclass(kind, base):
            return base.__getitem__(value, slice(None))
    return dict(dict.items(value)) if issubclass(kind, dict) else value


def _plain_array(array: np.ndarray) -> np.ndarray | Odd:
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        return Odd(f"an array of type {safe_text(array.dtype.name)}")
    if places(array.shape) > MAX_NUMBERS:
        return Odd("a very large array")
    return np.array(array, dtype=array.dtype.newbyteorder("="))


def places(shape: Sequence[int]) -> int:
    """Return how many numbers an array holds; an axis of no length counts as one."""
    return math.prod(max(length, 1) for length in shape)


_SCALARS = tuple(
    np.dtype(code).type for code in ("?", *np.typecodes["AllInteger"], "e", "f", "d")
)


def same(a: object, b: object) -> bool:
    """Tell whether two plain data are the same to the last bit, NaN included."""
    if type(a) is not type(b):
        return False
    if type(a) is np.ndarray:
        return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if type(a) is dict:
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b or (a != a and b != b)


def lock(value: object) -> object:
    """Make every array in `value` read-only and return `value`."""
    if type(value) is np.ndarray:
        value.setflags(write=False)
    elif type(value) in (list, tuple, dict):
        for item in value.values() if type(value) is dict else value:
            lock(item)
    return value


# Python for the browser knows no time of the processor, and never stops anything.
_processor = time.monotonic if sys.platform == "emscripten" else time.thread_time


class _Watch:
    """How much time this thread has had since the watch was made."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.processor, self.clock = _processor(), time.monotonic()

    def over(self) -> bool:
        """Tell whether it was too much."""
        waited, had = time.monotonic() - self.clock, _processor() - self.processor
        return had > self.seconds or waited > ON_THE_CLOCK * self.seconds


_ringing: list[_Watch] = []  # holds a watch while the alarm may ring


def _ring(number: int, frame: object) -> None:
    lost = frame.f_code is weakref.finalize.__call__.__code__  # what is raised there
    if _ringing and not lost and _ringing[0].over():
        raise TimeUp


def _alarm_off() -> None:
    _ringing.clear()
    if _can_ring():
        signal.setitimer(signal.ITIMER_REAL, 0)


def _can_ring() -> bool:
    signals = hasattr(signal, "setitimer") and sys.platform != "emscripten"
    return signals and threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeUp` inside the block when it has had `seconds` of the processor.

    What other processes take does not count, unless the clock says ten times as much.
    It needs the alarm signal of Unix and the main thread; elsewhere there is no
    limit. Code that catches everything again and again is not stopped by it.

    Parameters
    ----------
    seconds : float
    """
    if not _can_ring():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    _ringing[:] = [_Watch(seconds)]
    # It rings to look at the watch, and again if what it raised was caught or lost.
    signal.setitimer(signal.ITIMER_REAL, seconds / 10, seconds / 10)
    try:
        yield
    finally:
        _alarm_off()
        signal.signal(signal.SIGALRM, before)


def run_case(
    function: Callable,
    case: Case,
    prepare: Callable | None = None,
    seconds: float = SECONDS,
) -> Outcome:
    """Call `function` with copies of the case's arguments; never raise.

    Parameters
    ----------
    function : callable
        It may do anything.
    case : Case
    prepare : callable, optional
        Makes the real arguments from those of the case: called with them, it
        returns a tuple.
    seconds : float
        How much time of the processor the call may take, where the system can stop it.

    Returns
    -------
    Outcome
    """
    watch = _Watch(seconds)
    try:
        return _run(function, case, prepare, seconds)
    except BaseException as error:  # the alarm may ring just outside the inner block
        _alarm_off()
        late = type(error) is TimeUp or watch.over()
        name = "" if late else type_name(error)
        return Outcome(error=name, message=safe_text(error), timed_out=late)


def _run(
    function: Callable, case: Case, prepare: Callable | None, seconds: float
) -> Outcome:
    args = plain(case.args)
    if case.read_only:
        lock(args)
    given = prepare(*args) if prepare else args
    value, error, late = None, None, False
    with (
        contextlib.redirect_stdout(Nowhere()),
        contextlib.redirect_stderr(Nowhere()),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        try:
            with time_limit(seconds):
                value = plain(function(*given))
        except TimeUp:
            late = True
        except BaseException as caught:
            error = caught
        name = type_name(error) if error is not None else ""
        message = safe_text(error) if error is not None else ""
    before = plain(case.args)
    after = plain(args)
    changed = tuple(i for i in range(len(before)) if not same(before[i], after[i]))
    return Outcome(value, name, message, late, False, changed)


def run_cases(
    function: Callable,
    cases: Sequence[Case],
    prepare: Callable | None = None,
    seconds: float = SECONDS,
) -> list[Outcome]:
    """Run all cases in order; after one that was stopped, skip the rest."""
    outcomes = []
    for case in cases:
        if outcomes and (outcomes[-1].timed_out or outcomes[-1].skipped):
            outcomes.append(Outcome(skipped=True))
        else:
            outcomes.append(run_case(function, case, prepare, seconds))
    return outcomes
