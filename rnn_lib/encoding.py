"""Symbols, their numbers, and the one-hot vectors that stand for them."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from rnn_lib.validation import check_array, check_dtype, check_indices, check_size


class Vocabulary:
    """A fixed, ordered set of K symbols; a symbol's index is its place.

    Parameters
    ----------
    symbols : iterable of str
        Distinct, non-empty strings. A string counts as its characters.

    Raises
    ------
    TypeError
        If a symbol is not a string.
    ValueError
        If there is no symbol, an empty one, or one that occurs twice.

    Examples
    --------
    >>> Vocabulary("ABC").encode("CAB").tolist()
    [2, 0, 1]
    """

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols = tuple(symbols)
        self._index: dict[str, int] = {}
        for position, symbol in enumerate(self.symbols):
            if not isinstance(symbol, str):
                raise TypeError(
                    f"symbols: expected strings, got {symbol!r} at position {position}"
                )
            if not symbol or symbol in self._index:
                raise ValueError(
                    "symbols: expected distinct non-empty strings, "
                    f"got {symbol!r} at position {position}"
                )
            self._index[symbol] = position
        if not self.symbols:
            raise ValueError("symbols: expected at least one symbol, got none")

    def __len__(self) -> int:
        return len(self.symbols)

    def __repr__(self) -> str:
        return f"Vocabulary({list(self.symbols)})"

    def encode(self, sequence: Sequence[str]) -> np.ndarray:
        """Return the index of every symbol of one sequence.

        Parameters
        ----------
        sequence : sequence of str
            A string, or a list of symbols. Not empty.

        Returns
        -------
        ndarray of int, shape (T,)

        Raises
        ------
        TypeError
            If `sequence` is not a string, list, tuple or array.
        ValueError
            If the sequence is empty or holds an unknown symbol; the message
            names the symbol and its position, and says so if the vocabulary has
            the same letter in another Unicode form.
        """
        if not isinstance(sequence, Sequence | np.ndarray):
            raise TypeError(f"sequence: expected symbols, got {sequence!r}")
        if len(sequence) == 0:
            raise ValueError("sequence: expected at least one symbol, got none")
        indices = np.empty(len(sequence), dtype=np.intp)
        for position, symbol in enumerate(sequence):
            if not isinstance(symbol, str) or symbol not in self._index:
                raise ValueError(
                    f"sequence: {symbol!r} at position {position} is not one of "
                    f"the {len(self)} symbols of the vocabulary"
                    + self._other_form(sequence, position)
                )
            indices[position] = self._index[symbol]
        return indices

    def _other_form(self, sequence: Sequence[str], position: int) -> str:
        """Return a hint if the unknown symbol is part of a letter known otherwise."""
        if not isinstance(sequence[position], str):
            return ""
        for size in range(1, 5):  # a letter and up to three accents
            for start in range(max(0, position - size + 1), position + 1):
                given = "".join(map(str, sequence[start : start + size]))
                for form in ("NFC", "NFD"):
                    known = unicodedata.normalize(form, given)
                    if known != given and self._knows(known):
                        return (
                            "; it has the same letter in another Unicode form, "
                            f"{known!a} instead of {given!a}"
                        )
        return ""

    def _knows(self, text: str) -> bool:
        return text in self._index or all(letter in self._index for letter in text)

    def encode_batch(self, sequences: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the indices of several sequences of the same length.

        Returns
        -------
        ndarray of int, shape (N, T)

        Raises
        ------
        TypeError
            If `sequences` is a single string.
        ValueError
            If there is no sequence, one is empty or holds an unknown symbol,
            or the lengths differ.
        """
        if isinstance(sequences, str):
            raise TypeError(
                f"sequences: expected several sequences, got one string {sequences!r}"
            )
        if len(sequences) == 0:
            raise ValueError("sequences: expected at least one sequence, got none")
        lengths = sorted({len(sequence) for sequence in sequences})
        if len(lengths) > 1:
            raise ValueError(
                f"sequences: expected one length for all, got lengths {lengths}"
            )
        rows = []
        for number, sequence in enumerate(sequences):
            try:
                rows.append(self.encode(sequence))
            except ValueError as error:
                raise ValueError(f"sequence {number} of the batch: {error}") from None
        return np.stack(rows)

    def decode(self, indices: np.ndarray) -> str:
        """Return the symbols at `indices`, shape (T,), joined to one string.

        Raises
        ------
        TypeError
            If `indices` are not whole numbers.
        ValueError
            If `indices` is not a row of numbers from 0 to K - 1.
        """
        known = check_indices("indices", indices, ("T",), len(self))
        return "".join(self.symbols[index] for index in known)


ALPHABET = Vocabulary(string.ascii_uppercase)
"""The 26 capital letters, A = 0 to Z = 25."""


def one_hot(
    indices: np.ndarray, size: int, dtype: type | np.dtype = np.float64
) -> np.ndarray:
    """Return the one-hot vectors of `indices`.

    Parameters
    ----------
    indices : array_like of int, shape (...)
        Numbers from 0 to ``size - 1``; any number of axes.
    size : int
        K, the length of each vector.
    dtype : float32 or float64

    Returns
    -------
    ndarray, shape (..., K)
        Along the last axis 1 at the index and 0 elsewhere.

    Raises
    ------
    TypeError
        If `indices` are not whole numbers or `dtype` is another type.
    ValueError
        If an index is out of range.
    """
    size = check_size("size", size)
    known = check_indices("indices", indices, ("...",), size)
    vectors = np.zeros((*known.shape, size), dtype=check_dtype(dtype))
    np.put_along_axis(vectors, known[..., np.newaxis], 1, axis=-1)
    return vectors


def from_one_hot(vectors: np.ndarray) -> np.ndarray:
    """Return the index of the 1 in each vector: the inverse of `one_hot`.

    Parameters
    ----------
    vectors : array_like, shape (..., K)

    Returns
    -------
    ndarray of int, shape (...)

    Raises
    ------
    ValueError
        If a vector is not one-hot: exactly one 1, and 0 elsewhere.
    """
    known = check_array("vectors", vectors, ("...", "K"))
    ones = known == 1
    if not (np.all(ones | (known == 0)) and np.all(ones.sum(axis=-1) == 1)):
        raise ValueError("vectors: expected exactly one 1 and else 0 in every vector")
    return ones.argmax(axis=-1)
