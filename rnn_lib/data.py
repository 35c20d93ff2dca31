"""The five sequences of letters that carry the course."""

from __future__ import annotations

import numpy as np

from rnn_lib.encoding import ALPHABET, one_hot

INPUT_ROWS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ZYXWVUTSRQPONMLKJIHGFEDCBA",
    "BDFHJLNPRTVXZACEGIKMOQSUWY",
    "MNOPQRSTUVWXYZABCDEFGHIJKL",
    "HGFEDCBALKJIPONMUTSRQXWVZY",
)
"""What the network reads: five rows of 26 letters."""

TARGET_ROWS = (
    "BCDEFGHIJKLMNOPQRSTUVWXYZA",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "CEGIKMOQSUWYABDFHJLNPRTVXZ",
    "NOPQRSTUVWXYZABCDEFGHIJKLM",
    "IJKLMNOPQRSTUVWXYZABCDEFGH",
)
"""What it should say: for each letter of a row, the letter in the same place."""


def load_five_sequences(
    dtype: type | np.dtype = np.float64,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the five rows as arrays, ready for the network.

    Parameters
    ----------
    dtype : float32 or float64
        Type of the one-hot vectors.

    Returns
    -------
    x : ndarray, shape (5, 26, 26)
        One-hot inputs: row, position, letter.
    targets : ndarray of int, shape (5, 26)
        Index of the right letter at each position.
    """
    x = one_hot(ALPHABET.encode_batch(INPUT_ROWS), len(ALPHABET), dtype)
    return x, ALPHABET.encode_batch(TARGET_ROWS)
