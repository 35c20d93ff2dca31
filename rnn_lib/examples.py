"""The network of two units and three letters that chapters follow by hand."""

from __future__ import annotations

import numpy as np

from rnn_lib.encoding import Vocabulary
from rnn_lib.network import VanillaRNN

TINY_VOCABULARY = Vocabulary("ABC")
"""The three letters of the tiny network."""

TINY_INPUT = "ABA"
"""What it reads: A twice, so that only a memory can tell the two apart."""

TINY_TARGET = "BAC"
"""What it should say: the first A is followed by B, the second by C."""


def tiny_network() -> VanillaRNN:
    """Return a network with K = 3, H = 2 and weights of one digit.

    Every weight is a multiple of one half or one, so that the first steps can
    be worked out with pencil and paper; the five arrays differ and W is not
    symmetric, so that a swapped or transposed one shows.

    Returns
    -------
    VanillaRNN
        In float64, not trained.
    """
    network = VanillaRNN(vocab_size=3, hidden_size=2)
    network.set_parameters(
        {
            "U": np.array([[1.0, 0.0, -1.0], [0.5, -0.5, 1.0]]),
            "W": np.array([[0.5, -1.0], [1.0, 0.5]]),
            "b": np.array([0.5, 0.0]),
            "V": np.array([[1.0, 0.0], [-1.0, 1.0], [0.5, -1.0]]),
            "c": np.array([0.0, 0.5, 0.0]),
        }
    )
    return network
