"""Character n-gram models: predict a symbol from the few that stand before it.

An n-gram model of order n counts, in the training names, which symbol followed
each context of up to n - 1 symbols. Long contexts are rare and most never occur,
so their counts are mixed with those of shorter ones, or smoothed in another way.
The way makes the difference (Chen and Goodman 1999).

A context that begins with the boundary symbol reaches back to the start of the
name and may be shorter than n - 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from rnn_lib.names import NAME_SYMBOLS, pad_names
from rnn_lib.validation import check_indices, check_number, check_size

Context = tuple[int, ...]


def contexts(names: Sequence[str], order: int) -> Iterator[tuple[Context, int]]:
    """Give the context and the symbol after it, at every position of the names.

    Parameters
    ----------
    names : sequence of str
    order : int
        n; a context has at most n - 1 symbols.

    Yields
    ------
    context : tuple of int
    symbol : int
    """
    for row, target, real in zip(*pad_names(names), strict=True):
        read = row[real].tolist()
        for t, symbol in enumerate(target[real].tolist()):
            yield _seen(read[: t + 1], order), symbol


def _seen(before: Sequence[int], order: int) -> Context:
    """Return the last n - 1 of the symbols that stand before, or all if fewer."""
    return tuple(before[max(0, len(before) - order + 1) :])


class NGram(ABC):
    """What the two models share: counts by context, and the loss on names.

    Parameters
    ----------
    names : sequence of str
        The training names, capital letters A to Z.
    order : int
        n, at least 1; the model sees n - 1 symbols.

    Attributes
    ----------
    order : int
    counts : dict of tuple of int to ndarray, shape (27,)
        How often each symbol followed each context.

    Raises
    ------
    TypeError, ValueError
        If there is no name, one has another character, or `order` is not a
        whole number of at least 1.
    """

    def __init__(self, names: Sequence[str], order: int) -> None:
        self.order = check_size("order", order)
        self.counts = _table()
        for context, symbol in contexts(names, self.order):
            self.counts[context][symbol] += 1
        self._known: dict[Context, np.ndarray] = {}

    def probabilities(self, context: Sequence[int]) -> np.ndarray:
        """Return the probability of every symbol after `context`.

        Parameters
        ----------
        context : sequence of int
            What stands before, from the boundary symbol at the start of the
            name on, or only the end of that.

        Returns
        -------
        ndarray, shape (27,)

        Raises
        ------
        TypeError, ValueError
            If `context` does not hold indices of `NAME_SYMBOLS`.
        """
        if len(context):
            check_indices("context", context, ("T",), len(NAME_SYMBOLS))
        return self._after(_seen(tuple(context), self.order))

    def loss(self, names: Sequence[str]) -> float:
        """Return the mean cross-entropy on `names`, in nats per symbol.

        Parameters
        ----------
        names : sequence of str

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            If there is no name, or one has another character.
        """
        places = contexts(names, self.order)
        given = [self._after(context)[symbol] for context, symbol in places]
        return float(-np.log(given).mean())

    def _after(self, context: Context) -> np.ndarray:
        if context not in self._known:
            self._known[context] = self._distribution(context)
        return self._known[context]

    @abstractmethod
    def _distribution(self, context: Context) -> np.ndarray:
        """Return the probabilities of the next symbol, shape (27,)."""


class AdditiveNGram(NGram):
    """Counts with the same small number added to each: the simplest smoothing.

    ``p(s | context) = (count(context, s) + a) / (count(context) + 27 a)``

    Parameters
    ----------
    names : sequence of str
    order : int
    added : float
        a, greater than 0.

    Raises
    ------
    TypeError, ValueError
        As `NGram`, and if `added` is not a finite number above 0.
    """

    def __init__(self, names: Sequence[str], order: int, added: float = 0.1) -> None:
        super().__init__(names, order)
        self.added = check_number("added", added, positive=True)

    def _distribution(self, context: Context) -> np.ndarray:
        counts = self.counts.get(context, np.zeros(len(NAME_SYMBOLS))) + self.added
        return counts / counts.sum()


class KneserNeyNGram(NGram):
    """Interpolated Kneser-Ney smoothing (Kneser and Ney 1995).

    A discount is taken off every count, and what that frees goes to the next
    shorter context. For a shorter context it does not count how often a symbol
    followed it, but how many different symbols stood before the two: what came
    up in few surroundings is not to be expected in a new one. This is the
    modified form with three discounts per length of context, for counts of 1, 2
    and more, worked out from how many such counts there are (Chen and Goodman
    1999).

    Parameters
    ----------
    names : sequence of str
    order : int
    discount : float, optional
        One discount, from 0 to below 1, for every count instead of those
        worked out from the counts.

    Attributes
    ----------
    discounts : list of ndarray, shape (3,)
        For contexts of length 0, 1, ..., order - 1.

    Raises
    ------
    TypeError, ValueError
        As `NGram`, and if `discount` lies outside its range.
    """

    def __init__(
        self, names: Sequence[str], order: int, discount: float | None = None
    ) -> None:
        super().__init__(names, order)
        if discount is not None:
            discount = check_number("discount", discount, below=1)
        for length in range(self.order - 1, 0, -1):
            self.counts.update(_predecessors(self.counts, length))
        by_length = defaultdict(list)
        for context, counts in self.counts.items():
            by_length[len(context)].append(counts)
        self.discounts = [
            chen_goodman_discounts(np.array(by_length[length]))
            if discount is None
            else np.full(3, discount)
            for length in range(self.order)
        ]

    def _distribution(self, context: Context) -> np.ndarray:
        if context:
            shorter = self._after(context[1:])
        else:
            shorter = np.full(len(NAME_SYMBOLS), 1 / len(NAME_SYMBOLS))
        if context not in self.counts:
            return shorter
        counts = self.counts[context]
        per_count = np.concatenate([[0], self.discounts[len(context)]])
        taken = per_count[np.minimum(counts, 3).astype(int)]
        return (counts - taken + taken.sum() * shorter) / counts.sum()


def chen_goodman_discounts(counts: np.ndarray) -> np.ndarray:
    """Return the discounts for counts of 1, 2 and at least 3.

    With ``n_r`` the number of entries equal to r and ``Y = n_1 / (n_1 + 2 n_2)``
    they are ``r - (r + 1) Y n_{r+1} / n_r`` for r = 1, 2, 3 (Chen and Goodman
    1999, on modified Kneser-Ney smoothing), kept between 0.05 and r - 0.05, since
    with few counts the formula can leave that range.

    Parameters
    ----------
    counts : array_like
        Whole numbers of at least 0, any shape.

    Returns
    -------
    ndarray, shape (3,)
    """
    counts = np.asarray(counts)
    n = [max(1, int(np.sum(counts == r))) for r in range(1, 5)]
    share = n[0] / (n[0] + 2 * n[1])
    raw = [r - (r + 1) * share * n[r] / n[r - 1] for r in (1, 2, 3)]
    return np.clip(raw, 0.05, np.array([1, 2, 3]) - 0.05)


def _table() -> defaultdict[Context, np.ndarray]:
    return defaultdict(lambda: np.zeros(len(NAME_SYMBOLS)))


def _predecessors(
    counts: dict[Context, np.ndarray], length: int
) -> dict[Context, np.ndarray]:
    """Count after how many different symbols each (context, symbol) stands.

    For contexts of ``length - 1`` symbols, from those one longer.
    """
    found = _table()
    for context, after in counts.items():
        if len(context) == length:
            found[context[1:]] += after > 0
    return found
