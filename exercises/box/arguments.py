"""Arguments of exercises that are not data: they are made from names and numbers.

A check keeps the arguments of a case as plain data, so that they can be sent to
another process. Where the reader's function takes more than data, one of these
functions makes the real arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rnn_lib.network import VanillaRNN

FUNCTIONS = {
    "sum of squares": lambda a: float((a**2).sum()),
    "product": lambda a: float(np.prod(a)),
    "sum of sines": lambda a: float(np.sin(a.ravel() * np.arange(1, a.size + 1)).sum()),
}
"""Functions of a matrix or vector with known slopes, by name."""


def with_function(name: str, theta: np.ndarray, step: float) -> tuple:
    """Return the arguments with the function of this name in the first place.

    Parameters
    ----------
    name : str
        A key of ``FUNCTIONS``.
    theta : ndarray
        Where the function is to be looked at.
    step : float
        How far to move.

    Returns
    -------
    tuple
        The function, `theta` and `step`.
    """
    return FUNCTIONS[name], theta, step


class Suspect:
    """A network that does not say what is wrong with it, if anything is.

    It has the methods of VanillaRNN that a test needs. What `forward` and
    `backward` return are its own arrays, and the next call writes over them.

    Parameters
    ----------
    network : VanillaRNN
        In a grader's box, what stands for it.
    """

    def __init__(self, network: VanillaRNN) -> None:
        self._network = network
        self._returned: dict[str, np.ndarray] = {}

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """U, W, b, V and c: the arrays themselves, which may be changed."""
        return self._network.parameters

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the logits (N, T, K) and the final state (N, H).

        Parameters
        ----------
        x : ndarray, shape (N, T, K)

        Returns
        -------
        tuple of ndarray
        """
        logits, state = self._network.forward(x)
        return self._own("logits", logits), self._own("state", state)

    def loss(
        self,
        x: np.ndarray,
        targets: np.ndarray,
        initial_state: np.ndarray | None = None,
    ) -> float:
        """Return the loss on `x`.

        Parameters
        ----------
        x : ndarray, shape (N, T, K)
        targets : ndarray of int, shape (N, T)
        initial_state : ndarray, shape (N, H), optional

        Returns
        -------
        float
        """
        return self._network.loss(x, targets, initial_state)

    def backward(self) -> dict[str, np.ndarray]:
        """Return the gradients of the last loss, by the names of the parameters.

        Returns
        -------
        dict of ndarray
        """
        gradients = self._network.backward()
        return {name: self._own(f"d{name}", g) for name, g in gradients.items()}

    def _own(self, name: str, array: np.ndarray) -> np.ndarray:
        """Return `array` in the place where the last one of its shape stood."""
        own = self._returned.get(name)
        if own is None or own.shape != array.shape:
            own = self._returned[name] = np.empty_like(array)
        own[...] = array
        return own


ODD = {
    "first answer drifts": {"step": 0, "to_step": 1e-3},
    "first answer jumps": {"step": 0, "to_step": 10.0},
    "last answer jumps": {"step": -1, "to_step": 10.0},
    "last row jumps": {"step": -1, "to_step": 10.0, "row": -1},
    "answers rise": {"to_all": 5.0},
    "state drifts": {"to_state": 0.1},
    "nearly right": {"of_W": 1.001},
    "one letter wrong": {"of_letter": 1.5},
}
"""Networks that are wrong by a little, and the arguments of `odd` that make them."""


def odd(
    make: type,
    step: int = 0,
    to_step: float = 0.0,
    row: int | None = None,
    to_all: float = 0.0,
    to_state: float = 0.0,
    of_W: float = 1.0,
    of_letter: float = 1.0,
) -> type:
    """Return a kind of network that gives other numbers at each call of `forward`.

    Parameters
    ----------
    make : type
        A network that does not.
    step : int
    to_step, to_all, to_state : float
        What each call adds to the logits of one step, times the letter; to all
        logits; and to the final state.
    row : int, optional
        Of which row that step is; of all if not given.
    of_W, of_letter : float
        By what the gradient of W is multiplied, and that of U for letter 0.

    Returns
    -------
    type
    """

    class Odd(make):
        calls = -1

        def forward(self, *args: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            self.calls += 1
            logits, state = super().forward(*args)
            logits, letters = logits + self.calls * to_all, np.arange(logits.shape[-1])
            rows = slice(None) if row is None else row
            logits[rows, step] += self.calls * to_step * letters
            return logits, state + self.calls * to_state

        def backward(self) -> dict[str, np.ndarray]:
            gradients = super().backward()
            dU = gradients["U"].copy()
            dU[:, 0] *= of_letter
            return gradients | {"U": dU, "W": of_W * gradients["W"]}

    return Odd


def with_network(kind: str, x: np.ndarray, other: np.ndarray) -> tuple:
    """Return the arguments with a new network in the first place.

    Parameters
    ----------
    kind : str
        "healthy", a key of `ODD` or one of `rnn_lib.bugs.BUGS`. It has three
        hidden units; "…, 1 unit" gives it one.
    x : ndarray, shape (N, T, K)
    other : ndarray
        The last argument: targets, or other inputs.

    Returns
    -------
    tuple
        The network, `x` and `other`.
    """
    # A submission's process imports this module, and there is no such thing there.
    from rnn_lib.bugs import BUGS
    from rnn_lib.network import VanillaRNN

    name, _, small = kind.partition(", ")
    make = BUGS[name].network if name in BUGS else VanillaRNN
    if name in ODD:
        make = odd(make, **ODD[name])
    network = make(x.shape[-1], 1 if small else 3, seed=0)
    return Suspect(network), x, other


def _reads(other: int, row: int, steps: int | None = None) -> Callable:
    """Return a model in which one row of several gets another added, at some steps."""

    def model(x: np.ndarray) -> np.ndarray:
        new = x.copy()
        if len(x) > max(1, row):
            new[row, :steps] += x[other, :steps]
        return new

    return model


MODELS = {
    "along the rows": lambda x: np.cumsum(x, axis=1),
    "along the rows, up to rounding": lambda x: (
        (1 + 1e-13 * len(x)) * np.cumsum(x, axis=1)
    ),
    "down the batch": lambda x: np.cumsum(x, axis=0),
    "up the batch": lambda x: np.cumsum(x[::-1], axis=0)[::-1],
    "no memory": lambda x: 2 * x,
    "first row": _reads(-1, 0),
    "third row": _reads(0, 2),
    "last row": _reads(0, -1),
    "last row, first step": _reads(0, -1, 1),
    "the largest of the batch": lambda x: x + x.max(axis=0),
    "centred over the batch": lambda x: x - x.mean(axis=0),
    "a hint of the batch": lambda x: x + 0.01 * (x - x.mean(axis=0)),
}
"""Models that turn (N, T, K) into (N, T, K), by the way in which they read."""


def with_model(name: str, x: np.ndarray) -> tuple:
    """Return the arguments with the model of this name in the first place.

    Parameters
    ----------
    name : str
        A key of ``MODELS``.
    x : ndarray, shape (N, T, K)

    Returns
    -------
    tuple
        The model and `x`.
    """
    return MODELS[name], x
