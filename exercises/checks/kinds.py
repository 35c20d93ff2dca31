"""Kinds of mistake that occur in any exercise: what each would give, and which fits.

Every kind is made from the right answer: its result changed, its arguments changed, or
its code (`exercises.checks.mutants`). An answer is of a kind if it agrees on all cases,
and if where it differs from the right one there is too much to agree on by accident.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from inspect import signature
from itertools import permutations

import numpy as np

from exercises.box.runner import Case, Outcome, plain, run_case
from exercises.checks.changes import of_arguments, of_results, of_sizes, turned
from exercises.checks.diagnosis import matches
from exercises.checks.mutants import exchanges, in_pieces, mutants
from exercises.checks.parts import wrong_parts
from exercises.checks.undone import unfinished
from exercises.checks.where import common

BITS = 24  # how much an answer and a kind have to agree on
SECONDS = 0.5  # of the processor, for a case


def names_of(function: Callable, count: int) -> list[str]:
    """Return the names of `count` arguments; their places where there are no names."""
    try:
        names = list(signature(function).parameters)
    except ValueError:  # some of what is built in
        names = []
    return names if len(names) == count else [f"argument {n + 1}" for n in range(count)]


TWICE = (
    ("with its sign turned", lambda v: -v),
    ("replaced by 1 divided by it", lambda v: 1 / v),
    ("replaced by its exponential", lambda v: np.exp(v)),
    ("replaced by its logarithm", lambda v: np.log(v)),
    ("transposed", lambda v: np.swapaxes(v, -1, -2)),
)
"""What else can be wrong with the result of a listed wrong answer."""


def _besides(message: str, text: str) -> str:
    return f"This is what you get when {message}. Besides, the result is {text}"


@dataclass
class Kind:
    """A mistake, and what an answer with it does on the cases.

    Parameters
    ----------
    message : str
        A sentence without its full stop.
    outcome : callable
        From the number of a case to an `Outcome`.
    """

    message: str
    outcome: Callable[[int], Outcome]
    known: dict[int, Outcome] = field(default_factory=dict)

    def __getitem__(self, i: int) -> Outcome:
        """Return what happens on case i, computed once."""
        if i not in self.known:
            self.known[i] = self.outcome(i)
        return self.known[i]


@dataclass(frozen=True)
class Matter:
    """What kinds are made of: see `exercises.checks.engine.Exercise`."""

    solution: Callable
    ways: Sequence[Callable]
    cases: Sequence[Case]
    expected: Sequence[Outcome]
    prepare: Callable | None
    tolerance: float
    listed: Callable[[], list[tuple[str, Sequence[Outcome]]]] = list

    def kinds(self) -> tuple[list[Kind], ...]:
        """Return the kinds, in groups: the simplest first."""
        slow = self.prepare and type(self.expected[0].value) is not np.ndarray
        if slow or any(one.error for one in self.expected):
            return ()  # where the answer is a word, many kinds give the same one
        results = [Kind(*one) for one in self._of_results()]
        sizes = [Kind(*one) for one in self._of_sizes()]
        arguments = [] if self.prepare else [*self._of_arguments()]
        shares = [Kind(*one) for one in self._of_shares()]
        code, names = [*self._of_code(mutants)], [*self._of_code(exchanges)]
        listed = [*self._of_listed()]
        return results, sizes, code, shares, arguments, names, listed

    def _names(self) -> list[str]:
        return names_of(self.solution, len(self.cases[0].args))

    def _of_code(self, mistakes: Callable) -> Iterator[Kind]:
        for way in sorted((self.solution, *self.ways), key=in_pieces):
            for text, made in mistakes(way):
                yield self._ran(f"This is what you get when {text}", made)

    def _of_results(self) -> Iterator[tuple[str, Callable]]:
        for text, change in of_results([one.value for one in self.expected]):
            yield f"What comes back is {text}", self._changed(change)

    def _of_sizes(self) -> Iterator[tuple[str, Callable]]:
        names = self._names()
        for text, sizes in of_sizes(names, [case.args for case in self.cases]):
            for word, power in (("multiplied", 1), ("divided", -1)):
                factors = [float(size) ** power if size else 1.0 for size in sizes]
                change = self._scaled(factors)
                yield f"What comes back is the right result, {word} by {text}", change

    def _of_shares(self) -> Iterator[tuple[str, Callable]]:
        names = self._names()
        sizes = list(of_sizes(names, [case.args for case in self.cases]))
        for (text, right), (other, wrong) in permutations(sizes, 2):
            if all(wrong):
                factors = [a / b for a, b in zip(right, wrong, strict=True)]
                found = f"the right result, multiplied by {text} and divided by {other}"
                yield f"What comes back is {found}", self._scaled(factors)

    def _of_listed(self) -> Iterator[Kind]:
        """Yield listed wrong answers with one thing more that is wrong."""
        names = self._names()
        sizes = list(of_sizes(names, [case.args for case in self.cases]))
        for message, outcomes in self.listed():
            for text, change in TWICE:
                yield Kind(_besides(message, text), self._changed(change, outcomes))
            for text, factors in sizes:
                for word, power in (("multiplied", 1), ("divided", -1)):
                    powers = [float(n) ** power if n else 1.0 for n in factors]
                    said = _besides(message, f"{word} by {text}")
                    yield Kind(said, self._scaled(powers, outcomes))

    def _scaled(
        self, factors: list[float], of: Sequence[Outcome] = ()
    ) -> Callable[[int], Outcome]:
        def outcome(i: int) -> Outcome:
            return Outcome(_times((of or self.expected)[i].value, factors[i]))

        return outcome

    def _changed(
        self, change: Callable, of: Sequence[Outcome] = ()
    ) -> Callable[[int], Outcome]:
        """Return the outcomes of a change; where it cannot be made, those without."""
        before = of or self.expected

        def outcome(i: int) -> Outcome:
            try:
                with np.errstate(all="ignore"):
                    return Outcome(plain(change(before[i].value)))
            except (ValueError, TypeError, LookupError, ArithmeticError):
                return before[i]

        return outcome

    def _of_arguments(self) -> Iterator[Kind]:
        names = self._names()
        calls = [case.args for case in self.cases]
        for text, change in of_arguments(names, calls):

            def function(*args: object, change: Callable = change) -> object:
                return self.solution(*change(args))

            yield self._ran(f"This is what you get when {text}", function)
        if turn := turned(calls):

            def function(*args: object) -> object:
                return self.solution(*turn(args)).swapaxes(0, 1)

            text = "axis 0 and axis 1 are taken for each other"
            yield self._ran(f"This is what you get when {text}", function)

    def _ran(self, message: str, function: Callable) -> Kind:
        def outcome(i: int) -> Outcome:
            return run_case(function, self.cases[i], self.prepare, SECONDS)

        return Kind(message, outcome)


def explain(
    matter: Matter,
    groups: Sequence,
    outcomes: Sequence[Outcome],
    counted: Sequence[int] | None = None,
) -> str:
    """Return the message of the kind that fits the outcomes, or an empty text.

    Parameters
    ----------
    matter : Matter
    groups : sequence of lists of Kind
        What ``matter.kinds()`` returned.
    outcomes : sequence of Outcome
        What the reader's function did; only data, which are compared.
    counted : sequence of int, optional
        The cases to be compared; all if not given.

    Returns
    -------
    str
    """
    if any(one.timed_out or one.skipped for one in outcomes):
        return ""
    some = range(len(outcomes)) if counted is None else counted
    for i, group in enumerate(groups):
        if i == 2 and counted is None and (text := _by_itself(matter, outcomes)):
            return text
        fitting = [kind for kind in group if fits(matter, kind, outcomes, some)]
        if fitting:
            return fitting[0].message
    return "" if groups or counted is not None else _by_itself(matter, outcomes)


def _by_itself(matter: Matter, outcomes: Sequence[Outcome]) -> str:
    """Return what the outcomes say without a kind that has to be run."""
    given = matter.expected, outcomes, matter.tolerance
    text, wrong = wrong_parts(*given)
    if sum(_said(*pair) for pair in wrong) >= BITS:
        return text
    return unfinished(*given) or common(*given)


def fits(
    matter: Matter, kind: Kind, outcomes: Sequence[Outcome], counted: Sequence[int]
) -> bool:
    """Tell whether the outcomes that count are of this kind, and not by accident."""
    bits = 0.0
    for i in counted:
        known, given = kind[i], outcomes[i]
        if not matches(known, given, matter.tolerance):
            return False
        if known.error and not (known.message == given.message and _of_shape(kind)):
            return False
        if not matches(matter.expected[i], given, matter.tolerance):
            bits += _bits(matter.expected[i].value, known)
    return bits >= BITS


def is_sure(matter: Matter, outcomes: Sequence[Outcome], some: Sequence[int]) -> bool:
    """Tell whether the numbers of a listed answer are too much for an accident."""
    pairs = [(matter.expected[i].value, outcomes[i].value) for i in some]
    numbers = [pair for pair in pairs if type(pair[1]) in (float, np.ndarray)]
    return sum(_said(*pair) for pair in numbers) >= BITS


def _of_shape(kind: Kind) -> bool:
    """Tell whether a kind explains why shapes do not fit: only such errors count."""
    words = ("transposed", "keepdims", "axis", "axes", "newaxis")
    return any(word in kind.message for word in words)


def _bits(right: object, known: Outcome) -> float:
    """Return about how much is known when an answer agrees with a wrong outcome."""
    if known.error:
        return 8.0 * any(letter.isdigit() for letter in known.message)
    if known.changed:
        return 8.0
    return _said(right, known.value)


def _said(right: object, value: object) -> float:
    """Return the same of a value, of which only what is not right counts."""
    if type(value) in (list, tuple):
        if type(right) not in (list, tuple) or len(right) != len(value):
            return sum(_said(None, one) for one in value) + 4
        return sum(map(_said, right, value))
    if type(value) is dict:
        others = right if type(right) is dict else {}
        return sum(_said(others.get(k), v) for k, v in value.items()) + 4
    if type(value) is str:
        return 4.0 * len(value) * (value != right)
    if type(value) not in (bool, int, float, np.ndarray):
        return 0.0
    numbers, known, zeros = np.asarray(value), np.asarray(right), 0.0
    alike = known.shape == numbers.shape and known.dtype.kind in "biuf"
    if alike and known.dtype.kind == numbers.dtype.kind:
        with np.errstate(all="ignore"):
            numbers = numbers[~np.isclose(numbers, known, rtol=1e-7, atol=1e-12)]
        if numbers.size < known.size and (known != 0).all():
            zeros = min(16.0, 4.0 * np.count_nonzero(numbers == 0))
    different = np.unique(numbers)
    other = 2.0 * (known.dtype.kind != numbers.dtype.kind)
    many = numbers.dtype.kind == "b" or len(different) > 1
    if numbers.dtype.kind != "f" and many:
        each = 1.0 if numbers.dtype.kind == "b" else 0.5
        return other + each * sum(map(_digits, numbers.ravel()[:64].tolist()))
    return other + zeros + sum(map(_digits, different[:32].tolist()))


def _digits(number: float) -> float:
    """Return how many bits one number is worth: a plain one is often an accident."""
    if type(number) is bool:
        return 1.0
    if not math.isfinite(number) or abs(number) < 1e-9:
        return 0.0
    if number == round(number):
        return min(16.0, math.log2(1 + abs(number)))
    return 6.0 if 8 * number == round(8 * number) else 16.0


def _times(value: object, factor: float) -> object:
    """Return plain data with all numbers multiplied."""
    if type(value) in (list, tuple):
        return type(value)(_times(one, factor) for one in value)
    if type(value) is dict:
        return {name: _times(one, factor) for name, one in value.items()}
    if type(value) in (float, int):
        return value * factor
    if type(value) is np.ndarray and value.dtype.kind in "iuf":
        return value * factor
    return value
