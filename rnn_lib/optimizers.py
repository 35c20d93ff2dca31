"""SGD, Adam and clipping by norm, over dictionaries of named arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from rnn_lib.validation import check_array, check_name, check_number

Arrays = dict[str, np.ndarray]


class SGD:
    """Gradient descent: ``parameter -= learning_rate * gradient``.

    Parameters
    ----------
    learning_rate : float
        Not negative.

    Raises
    ------
    TypeError, ValueError
        If the learning rate is not a finite number of at least 0.
    """

    def __init__(self, learning_rate: float = 0.1) -> None:
        self.learning_rate = check_number("learning_rate", learning_rate)

    def step(self, parameters: Arrays, gradients: Arrays) -> None:
        """Change each array of `parameters` in place.

        Raises
        ------
        ValueError
            If names or shapes of the two dictionaries differ, or a gradient is
            not finite.
        """
        _check_match(parameters, gradients)
        for name, parameter in parameters.items():
            parameter -= self.learning_rate * gradients[name]


class Adam:
    """Adam (Kingma and Ba 2015, algorithm 1).

    Parameters
    ----------
    learning_rate : float
        Not negative.
    beta1, beta2 : float
        Decay of the running means of gradient and squared gradient, 0 up to
        but not including 1.
    epsilon : float
        Added to the root of the mean square; greater than 0.

    Raises
    ------
    TypeError, ValueError
        If a setting is not a number or lies outside its range.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        self.learning_rate = check_number("learning_rate", learning_rate)
        self.beta1 = check_number("beta1", beta1, below=1)
        self.beta2 = check_number("beta2", beta2, below=1)
        self.epsilon = check_number("epsilon", epsilon, positive=True)
        self.steps = 0
        self._mean: Arrays = {}
        self._square: Arrays = {}

    def step(self, parameters: Arrays, gradients: Arrays) -> None:
        """Change each array of `parameters` in place.

        Raises
        ------
        ValueError
            If names or shapes of the two dictionaries differ, or a gradient is
            not finite.
        """
        _check_match(parameters, gradients)
        self.steps += 1
        # Both means start at 0; what corrects that is the same for all numbers.
        correction = math.sqrt(1 - self.beta2**self.steps)
        rate = self.learning_rate * correction / (1 - self.beta1**self.steps)
        epsilon = self.epsilon * correction
        for name, parameter in parameters.items():
            gradient = gradients[name]
            if name not in self._mean:
                self._mean[name] = np.zeros_like(parameter)
                self._square[name] = np.zeros_like(parameter)
            mean, square = self._mean[name], self._square[name]
            mean *= self.beta1
            mean += (1 - self.beta1) * gradient
            square *= self.beta2
            square += (1 - self.beta2) * gradient**2
            change = rate * mean
            change /= np.sqrt(square) + epsilon
            parameter -= change


_OPTIMIZERS = {"adam": Adam, "sgd": SGD}


def make_optimizer(name: str, learning_rate: float) -> SGD | Adam:
    """Return a new optimizer by its name.

    Parameters
    ----------
    name : {"sgd", "adam"}
    learning_rate : float
        Not negative.

    Returns
    -------
    SGD or Adam
        With the default value of every other setting.

    Raises
    ------
    TypeError, ValueError
        If the name is unknown, or the learning rate is not a finite number of
        at least 0.
    """
    return _OPTIMIZERS[check_name("optimizer", name, _OPTIMIZERS)](learning_rate)


def global_norm(gradients: Arrays) -> float:
    """Return the Euclidean norm of all gradients taken as one long vector.

    Parameters
    ----------
    gradients : dict of str to ndarray

    Returns
    -------
    float
        The root of the sum of the squares of all their numbers.
    """
    total = _sum_of_squares(gradients.values())
    if 1e-20 < total < 1e20:
        return math.sqrt(total)
    largest = max((float(np.abs(g).max()) for g in gradients.values()), default=0.0)
    if largest == 0 or not math.isfinite(largest):
        return largest
    # As shares of the largest number, so that no square is too large or small.
    return largest * math.sqrt(_sum_of_squares(g / largest for g in gradients.values()))


def _sum_of_squares(arrays: Iterable[np.ndarray]) -> float:
    floats = (np.asarray(a, np.result_type(a, np.float32)) for a in arrays)
    return sum(float(np.vdot(array, array)) for array in floats)


def clip_by_norm(gradients: Arrays, max_norm: float) -> tuple[Arrays, float]:
    """Shorten the gradients, taken as one vector, to at most `max_norm`.

    The direction stays the same (Pascanu, Mikolov and Bengio 2013, algorithm 1).

    Parameters
    ----------
    gradients : dict of str to ndarray
        Not modified.
    max_norm : float
        Greater than 0.

    Returns
    -------
    clipped : dict of str to ndarray
        `gradients` themselves where their norm is at most `max_norm`.
    norm : float
        The norm before clipping.

    Raises
    ------
    TypeError, ValueError
        If `max_norm` is not a finite number above 0, or the norm of the
        gradients is not finite.
    """
    max_norm = check_number("max_norm", max_norm, positive=True)
    norm = global_norm(gradients)
    if not np.isfinite(norm):
        raise ValueError(f"gradients: expected a finite norm, got {norm}")
    if norm <= max_norm:
        return gradients, norm
    return {name: g * (max_norm / norm) for name, g in gradients.items()}, norm


def _check_match(parameters: Arrays, gradients: Arrays) -> None:
    if set(gradients) != set(parameters):
        raise ValueError(
            f"gradients: expected the names {sorted(parameters)}, "
            f"got {sorted(gradients)}"
        )
    for name, parameter in parameters.items():
        check_array(f"gradient of {name}", gradients[name], parameter.shape)
