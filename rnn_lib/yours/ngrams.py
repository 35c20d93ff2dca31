"""Kneser-Ney smoothing for a text of any size: counts as sorted arrays of numbers.

`rnn_lib.ngrams` says how the smoothing works, with one small array for each context.
Here an n-gram is one number, its symbols read as digits to the base K, so that millions
are counted by sorting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnn_lib.ngrams import chen_goodman_discounts
from rnn_lib.validation import check_size
from rnn_lib.yours.text import Text


class Level(NamedTuple):
    """The n-grams of one length.

    Attributes
    ----------
    grams : ndarray of int, shape (G,)
        Sorted numbers of the n-grams that occur.
    kept : ndarray, shape (G,)
        Their counts, less the discounts.
    contexts : ndarray of int, shape (C,)
        Sorted numbers of what stands before the last symbol.
    totals, freed : ndarray, shape (C,)
        Sum of the counts, and of the discounts, after each context.
    """

    grams: np.ndarray
    kept: np.ndarray
    contexts: np.ndarray
    totals: np.ndarray
    freed: np.ndarray


class TextNGram:
    """Interpolated Kneser-Ney smoothing with three discounts for each length.

    Parameters
    ----------
    pieces : sequence of ndarray of int
        As `rnn_lib.yours.text` makes them.
    vocab_size : int
        K.
    order : int
        n; the model sees n - 1 symbols. K to the power n must fit into 63 bits.

    Raises
    ------
    TypeError, ValueError
        If a size does not fit.
    """

    def __init__(
        self, pieces: Sequence[np.ndarray], vocab_size: int, order: int
    ) -> None:
        self.vocab_size = check_size("vocab_size", vocab_size)
        self.order = check_size("order", order)
        if self.vocab_size**self.order >= 2**63:
            raise ValueError(
                f"order: expected {self.vocab_size} ** order below 2 ** 63, got {order}"
            )
        self.levels: list[Level] = []
        grams = self._grams(pieces)
        for length in range(self.order, 0, -1):
            grams, counts = np.unique(grams, return_counts=True)
            taken = chen_goodman_discounts(counts)[np.minimum(counts, 3) - 1]
            contexts, place = np.unique(grams // vocab_size, return_inverse=True)
            totals, freed = np.bincount(place, counts), np.bincount(place, taken)
            self.levels.append(Level(grams, counts - taken, contexts, totals, freed))
            # Shorter ones count once for each different symbol that stood before.
            grams = grams % vocab_size ** (length - 1)
        self.levels.reverse()

    def loss(self, pieces: Sequence[np.ndarray]) -> float:
        """Return the mean cross-entropy in nats per symbol.

        Parameters
        ----------
        pieces : sequence of ndarray of int

        Returns
        -------
        float
        """
        grams = self._grams(pieces)
        p = np.full(len(grams), 1 / self.vocab_size)
        for length, level in enumerate(self.levels, start=1):
            ends = grams % self.vocab_size**length
            kept, _ = _look_up(ends, level.grams, level.kept)
            contexts = ends // self.vocab_size
            freed, seen = _look_up(contexts, level.contexts, level.freed)
            total, _ = _look_up(contexts, level.contexts, level.totals)
            p = np.where(seen, (kept + freed * p) / np.where(seen, total, 1), p)
        return float(-np.log(p).mean())

    def _grams(self, pieces: Sequence[np.ndarray]) -> np.ndarray:
        """Return the number of the n-gram that ends at each target of the pieces."""
        pad = np.zeros(self.order - 1, dtype=np.int64)
        found = []
        for piece in pieces:
            row = np.concatenate([pad, piece])
            grams = np.zeros(len(piece) - 1, dtype=np.int64)
            for n in range(self.order):
                grams = grams * self.vocab_size + row[n + 1 : n + len(piece)]
            found.append(grams)
        return np.concatenate(found)


def _look_up(
    wanted: np.ndarray, known: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the value of each wanted number, 0 if unknown, and which are known."""
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found = known[place] == wanted
    return np.where(found, values[place], 0), found


def best_ngram(text: Text, longest: int = 10) -> TextNGram:
    """Return the n-gram model of the order that is best on the validation part.

    Parameters
    ----------
    text : Text
    longest : int
        The largest order to try.

    Returns
    -------
    TextNGram
    """
    K = len(text.vocabulary)
    orders = [n for n in range(1, longest + 1) if K**n < 2**63]
    models = (TextNGram(text.train, K, order) for order in orders)
    return min(models, key=lambda model: model.loss(text.validation))
