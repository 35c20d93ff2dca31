"""SGD, Adam and clipping by norm, over dictionaries of named arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

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
        Added to the root of the mean square; greater than 0. Less than 1.1e-19
        is refused by `step` for float32 numbers, less than 1.5e-154 for float64:
        a gradient that small has no square in the type.

    Raises
    ------
    TypeError, ValueError
        If a setting is not a number or lies outside its range.

    Notes
    -----
    The running means belong to the arrays of the first `step`. Each later one
    must change the same arrays: another network needs an Adam of its own.
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
        self._parameters: Arrays = {}
        self._mean: Arrays = {}
        self._square: Arrays = {}

    def step(self, parameters: Arrays, gradients: Arrays) -> None:
        """Change each array of `parameters` in place.

        Raises
        ------
        ValueError
            If names or shapes of the two dictionaries differ; if the arrays are
            not those of the first step; if a gradient is not finite or too
            large to be squared; or if `epsilon` is too small for the type of
            the parameters. Nothing is changed then.
        """
        _check_match(parameters, gradients)
        self._check(parameters, gradients)
        if not self._parameters:
            self._parameters = dict(parameters)
            self._mean = {n: np.zeros_like(p) for n, p in parameters.items()}
            self._square = {n: np.zeros_like(p) for n, p in parameters.items()}
        self.steps += 1
        # Both means start at 0; what corrects that is the same for all numbers.
        correction = math.sqrt(1 - self.beta2**self.steps)
        rate = self.learning_rate * correction / (1 - self.beta1**self.steps)
        epsilon = self.epsilon * correction
        for name, parameter in parameters.items():
            gradient = np.asarray(gradients[name], parameter.dtype)
            mean, square = self._mean[name], self._square[name]
            mean *= self.beta1
            mean += (1 - self.beta1) * gradient
            square *= self.beta2
            square += (1 - self.beta2) * gradient**2
            change = rate * mean
            change /= np.sqrt(square) + epsilon
            parameter -= change

    def _check(self, parameters: Arrays, gradients: Arrays) -> None:
        """Raise unless a step can be made."""
        known = self._parameters or parameters
        for name in parameters | known:
            if parameters.get(name) is not known.get(name):
                raise ValueError(
                    "parameters: expected the arrays of the first step, got another "
                    f"{name}; make a new Adam for another network"
                )
        for name, parameter in parameters.items():
            smallest, largest = _range_of_squares(parameter.dtype)
            if self.epsilon < smallest:
                raise ValueError(
                    f"epsilon: expected at least {smallest:.2g} for numbers of "
                    f"{parameter.dtype}, got {self.epsilon}"
                )
            gradient = np.asarray(gradients[name], np.result_type(gradients[name], 1.0))
            total = _sum_of_squares([gradient])
            peak = 0.0 if total <= largest**2 else float(np.abs(gradient).max())
            if peak > largest:
                raise ValueError(
                    f"gradient of {name}: expected numbers up to {largest:.2g}, whose "
                    f"square {parameter.dtype} holds, got {peak:.3g}; clip the gradient"
                )


@cache
def _range_of_squares(dtype: np.dtype) -> tuple[float, float]:
    """Return the smallest and largest number whose square fits the type.

    The square of the largest is a quarter of what the type holds, for what rounding
    adds to a mean of many.
    """
    kind = np.finfo(dtype)
    return math.sqrt(kind.tiny), math.sqrt(kind.max) / 2


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
    arrays = [np.asarray(g, np.result_type(g, np.float32)) for g in gradients.values()]
    total = _sum_of_squares(arrays)
    if 1e-20 < total < 1e20:
        return math.sqrt(total)
    largest = max((float(np.abs(array).max()) for array in arrays), default=0.0)
    if largest == 0 or not math.isfinite(largest):
        return largest
    # As shares of the largest number, so that no square is too large or small.
    return largest * math.sqrt(_sum_of_squares(array / largest for array in arrays))


def _sum_of_squares(arrays: Iterable[np.ndarray]) -> float:
    return sum(float(np.vdot(array, array)) for array in arrays)


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
    factor = max_norm / norm
    if factor > 1e-30:
        return {name: g * factor for name, g in gradients.items()}, norm
    return {name: _shortened(g, max_norm, norm) for name, g in gradients.items()}, norm


def _shortened(gradient: np.ndarray, max_norm: float, norm: float) -> np.ndarray:
    """Return ``gradient * (max_norm / norm)`` where the factor may be 0 in float32."""
    wide = np.asarray(gradient, np.float64) / norm * max_norm
    return wide.astype(np.result_type(gradient, 1.0))


def _check_match(parameters: Arrays, gradients: Arrays) -> None:
    if set(gradients) != set(parameters):
        raise ValueError(
            f"gradients: expected the names {sorted(parameters)}, "
            f"got {sorted(gradients)}"
        )
    for name, parameter in parameters.items():
        if not _fits(gradients[name], parameter):
            check_array(f"gradient of {name}", gradients[name], parameter.shape)


def _fits(gradient: np.ndarray, parameter: np.ndarray) -> bool:
    """Tell quickly that a gradient is fine; False says only that it may not be."""
    kind = getattr(gradient, "dtype", None), getattr(gradient, "shape", None)
    fits = kind == (parameter.dtype, parameter.shape) and gradient.size > 0
    return fits and math.isfinite(_sum_of_squares([gradient]))
