"""Tests that can be put to any network: what each measures, and what is healthy.

A probe is given a class, makes networks of it and returns one number. No probe
looks inside: all it needs is what VanillaRNN offers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rnn_lib.data import load_five_sequences
from rnn_lib.encoding import one_hot
from rnn_lib.functional import tanh_slope
from rnn_lib.gradcheck import check_gradients, relative_error
from rnn_lib.network import VanillaRNN
from rnn_lib.optimizers import Adam
from rnn_lib.validation import check_size

Make = type[VanillaRNN]


def _new(make: Make, K: int, H: int, seed: int = 0) -> VanillaRNN:
    """Return a new network; its parameters are known once the seed is."""
    if not callable(make):
        raise TypeError(f"make: expected VanillaRNN or a subclass, got {make!r}")
    return make(K, H, seed=seed)


def _random_rows(K: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Return x (3, 5, K) and targets (3, 5): sizes that all differ."""
    rng = np.random.default_rng(7)
    read, answers = rng.integers(0, K, (2, 3, 5))
    return one_hot(read, K), answers


def gradient_check(make: Make) -> float:
    """Return the worst relative error of a new network's gradients.

    Parameters
    ----------
    make : type
        VanillaRNN or a subclass.

    Returns
    -------
    float
        The largest value of `rnn_lib.check_gradients`; below 1e-6 if healthy.
    """
    return max(check_gradients(_new(make, 6, 4), *_random_rows()).values())


def overfit(make: Make, seeds: Sequence[int] = range(8), epochs: int = 120) -> float:
    """Return the share of the five sequences that can be learnt by heart.

    The rows are read and learnt one by one, by a network of 32 units, with
    Adam at 0.003.

    Parameters
    ----------
    make : type
        VanillaRNN or a subclass.
    seeds : sequence of int
        One network is trained for each.
    epochs : int

    Returns
    -------
    float
        Letters right of 130, 0 to 1, of the worst network; 0 for one whose
        numbers do not stay finite. Above 0.9 if healthy.

    Raises
    ------
    TypeError, ValueError
        If there is no seed, or `epochs` is not a whole number of at least 1.
    """
    epochs = check_size("epochs", epochs)
    if len(seeds) == 0:
        raise ValueError("seeds: expected at least one seed, got none")
    x, targets = load_five_sequences()
    rows = [(x[n : n + 1], targets[n : n + 1]) for n in range(len(x))]
    shares = []
    for seed in seeds:
        network, optimizer = _new(make, 26, 32, seed), Adam(0.003)
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                for _ in range(epochs):
                    for row in rows:
                        network.loss(*row)
                        optimizer.step(network.parameters, network.backward())
                right = [network.predict(read) == said for read, said in rows]
        except ValueError:  # a number is not finite
            right = [False]
        shares.append(float(np.mean(right)))
    return min(shares)


def order(make: Make) -> float:
    """Return how much depends on the order in which rows are read.

    Three rows are read one by one, with a backward pass after each, then once
    more from the last to the first.

    Parameters
    ----------
    make : type
        VanillaRNN or a subclass.

    Returns
    -------
    float
        The largest relative difference in the logits and gradients of a row;
        0 if healthy.
    """
    network = _new(make, 6, 4)
    x, targets = _random_rows()

    def read(n: int) -> list[np.ndarray]:
        network.loss(x[n : n + 1], targets[n : n + 1])
        gradients = network.backward()
        return [network.logits.copy(), *(g.copy() for g in gradients.values())]

    numbers = range(len(x))
    forwards = {n: read(n) for n in numbers}
    backwards = {n: read(n) for n in reversed(numbers)}
    return max(
        relative_error(*pair)
        for n in numbers
        for pair in zip(forwards[n], backwards[n], strict=True)
    )


def halves(make: Make) -> float:
    """Return how far two halves, with the state handed over, are from the whole.

    Parameters
    ----------
    make : type
        VanillaRNN or a subclass.

    Returns
    -------
    float
        The relative difference of the logits; 0, or a rounding error, if
        healthy.
    """
    network, (x, _) = _new(make, 6, 4), _random_rows()
    whole, _ = network.forward(x)
    first, state = network.forward(x[:, :2])
    second, _ = network.forward(x[:, 2:], state)
    return relative_error(np.concatenate([first, second], axis=1), whole)


def formulas(make: Make) -> float:
    """Return how far the logits are from the formulas of the network.

    ``h_t = tanh(U x_t + W h_{t-1} + b)`` and ``o_t = V h_t + c`` are computed
    here once more, step by step, with the network's own parameters.

    Parameters
    ----------
    make : type
        VanillaRNN or a subclass.

    Returns
    -------
    float
        The relative difference of the logits; 0, or a rounding error, if
        healthy.
    """
    network, (x, _) = _new(make, 6, 4), _random_rows()
    U, W, b, V, c = (network.parameters[name] for name in "UWbVc")
    wanted = np.empty_like(x)
    for n, row in enumerate(x):
        h = np.zeros_like(b)
        for t, x_t in enumerate(row):
            h = np.tanh(U @ x_t + W @ h + b)  # (H,)
            wanted[n, t] = V @ h + c  # (K,)
    return relative_error(network.forward(x)[0], wanted)


def first_loss(make: Make) -> float:
    """Return the loss before training, as a multiple of ln K.

    Parameters
    ----------
    make : type
        VanillaRNN or a subclass.

    Returns
    -------
    float
        Between 0.9 and 1.1 if healthy.
    """
    return _new(make, 26, 32).loss(*load_five_sequences()) / float(np.log(26))


def slopes(make: Make) -> float:
    """Return the mean slope of tanh at the step where it is smallest.

    Parameters
    ----------
    make : type
        VanillaRNN or a subclass.

    Returns
    -------
    float
        Above 0.1 before training, if healthy.
    """
    network = _new(make, 26, 32)
    network.forward(load_five_sequences()[0])
    return float(tanh_slope(network.hidden_layer.states).mean(axis=(0, 2)).min())


@dataclass(frozen=True)
class Probe:
    """A measurement, and the range in which a healthy network lies.

    Attributes
    ----------
    measure : callable
        Takes a class, returns a float.
    low, high : float
        Ends of the range.
    """

    measure: Callable[[Make], float]
    low: float
    high: float

    def passes(self, value: float) -> bool:
        """Tell whether a measured value is healthy."""
        return self.low <= value <= self.high


PROBES = {
    "gradient check": Probe(gradient_check, 0, 1e-6),
    "overfit": Probe(overfit, 0.9, 1),
    "order": Probe(order, 0, 1e-9),
    "halves": Probe(halves, 0, 1e-9),
    "formulas": Probe(formulas, 0, 1e-9),
    "first loss": Probe(first_loss, 0.9, 1.1),
    "slopes": Probe(slopes, 0.1, 1),
}
"""Every probe by its name."""
