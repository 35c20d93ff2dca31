"""Letters as vectors: one layer of weights, trained on the five rows."""

import numpy as np

from reference.seeds import claim
from rnn_lib import cross_entropy, from_one_hot, load_five_sequences, one_hot, softmax


def trained(seed: int) -> tuple[float, np.ndarray]:
    """Return the nats above the floor, and the probabilities less the shares."""
    x, targets = load_five_sequences()
    counts = np.zeros((26, 26))  # (letter, target)
    np.add.at(counts, (from_one_hot(x), targets), 1)
    shares = counts / counts.sum(axis=1, keepdims=True)
    read, answers = x.reshape(130, 26), targets.ravel()
    right = one_hot(answers, 26)  # (130, K)
    V = np.random.default_rng(seed).normal(size=(26, 26))  # (K, K)
    for _ in range(1000):
        V -= 50 * (softmax(read @ V.T) - right).T @ read / 130
    floor = -np.log(shares[from_one_hot(x), targets]).mean()
    return cross_entropy(read @ V.T, answers) - floor, softmax(V.T) - shares


@claim("one layer, 1000 updates: nats above the floor")
def above_the_floor(seed):
    """Return the loss of the layer less the floor."""
    return trained(seed)[0]


@claim("one layer, 1000 updates: farthest from the shares")
def farthest_from_the_shares(seed):
    """Return the largest difference of a probability and a share."""
    return np.abs(trained(seed)[1]).max()
