"""Floors: the lowest loss that any predictor can reach, given what it may see.

A predictor that sees the same thing at two positions must say the same thing
at both. The best it can do there is to answer with the frequencies of the
targets, and its loss is then their conditional entropy (Shannon 1948).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from rnn_lib.validation import check_size

View = Callable[[Sequence[str], int], Hashable]
"""A function (row, t) -> what a predictor sees of `row` at position t."""


@dataclass(frozen=True)
class Floor:
    """The best that a predictor with a given view can do.

    Attributes
    ----------
    loss : float
        Mean cross-entropy in nats per letter.
    correct, total : int
        Positions where its most likely letter is right, and all positions.
    """

    loss: float
    correct: int
    total: int

    @property
    def accuracy(self) -> float:
        """Share of positions where the most likely letter is right, 0 to 1."""
        return self.correct / self.total


def last_letters(count: int) -> View:
    """Return the view of the current letter and the ``count - 1`` before it."""
    count = check_size("count", count)

    def view(row: Sequence[str], t: int) -> Hashable:
        return tuple(row[max(0, t - count + 1) : t + 1])

    return view


def nothing(row: Sequence[str], t: int) -> Hashable:
    """See no letter at all: the view behind the frequencies of the targets."""
    return None


def whole_prefix(row: Sequence[str], t: int) -> Hashable:
    """See every letter up to and including the current one."""
    return tuple(row[: t + 1])


def first_letter_only(row: Sequence[str], t: int) -> Hashable:
    """See the first letter at the first position, and nothing after it.

    This is all that is left to a network whose hidden units saturate at the
    same value from the second step on.
    """
    return row[0] if t == 0 else None


def floor(
    inputs: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], view: View
) -> Floor:
    """Return the floor of every predictor that sees no more than `view` shows.

    Parameters
    ----------
    inputs, targets : sequences of sequences of str
        Rows of symbols; each target row as long as its input row.
    view : callable
        Called as ``view(row, t)``; what it returns must be hashable.

    Returns
    -------
    Floor

    Raises
    ------
    ValueError
        If there is no position, or inputs and targets differ in shape.
    """
    if [len(row) for row in inputs] != [len(row) for row in targets]:
        raise ValueError(
            f"targets: expected rows of lengths {[len(row) for row in inputs]} "
            f"like the inputs, got {[len(row) for row in targets]}"
        )
    seen: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for row, answers in zip(inputs, targets, strict=True):
        for t, answer in enumerate(answers):
            seen[view(row, t)][answer] += 1
    total = sum(counts.total() for counts in seen.values())
    if total == 0:
        raise ValueError("inputs: expected at least one symbol, got none")
    nats = -sum(
        n * np.log(n / counts.total())
        for counts in seen.values()
        for n in counts.values()
    )
    correct = sum(max(counts.values()) for counts in seen.values())
    return Floor(float(nats / total) + 0.0, correct, total)


def ladder(
    inputs: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]
) -> dict[str, Floor]:
    """Return the floors from "sees nothing" down to "sees the whole prefix".

    Parameters
    ----------
    inputs, targets : sequences of sequences of str
        As `floor`.

    Returns
    -------
    dict of str to Floor
        In falling order of loss; the key says what the predictor may see.

    Raises
    ------
    ValueError
        As `floor`.
    """
    views: dict[str, View] = {
        "nothing": nothing,
        "current letter": last_letters(1),
        "last 2 letters": last_letters(2),
        "last 3 letters": last_letters(3),
        "whole prefix": whole_prefix,
    }
    return {name: floor(inputs, targets, view) for name, view in views.items()}
