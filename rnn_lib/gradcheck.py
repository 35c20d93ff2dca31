"""Finite differences: an independent way to the gradient, to check the fast one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnn_lib.network import VanillaRNN
from rnn_lib.validation import check_array, check_number


def numerical_gradient(
    function: Callable[[], float], array: np.ndarray, step: float = 1e-5
) -> np.ndarray:
    """Return the gradient of `function` by central differences.

    Each number of `array` in turn is moved up and down by `step`:
    ``(f(a + step) - f(a - step)) / (2 step)``, whose error shrinks with
    ``step**2`` (Press et al. 2007, section 5.7).

    Parameters
    ----------
    function : callable
        Takes nothing, returns a float, and reads `array`.
    array : ndarray of float64
        Moved in place during the call, and left as it was, also where `function`
        raises or is interrupted.
    step : float
        Greater than 0.

    Returns
    -------
    ndarray
        Shape of `array`.

    Raises
    ------
    TypeError
        If `array` is not a float64 array: float32 has too few digits.
    ValueError
        If `step` is not above 0.
    """
    if not isinstance(array, np.ndarray) or array.dtype != np.float64:
        kind = getattr(array, "dtype", type(array).__name__)
        raise TypeError(f"array: expected an array of float64, got {kind}")
    step = check_number("step", step, positive=True)
    gradient = np.empty_like(array)
    for place in np.ndindex(array.shape):
        value = array[place]
        try:
            array[place] = value + step
            above = function()
            array[place] = value - step
            below = function()
        finally:
            array[place] = value
        gradient[place] = (above - below) / (2 * step)
    return gradient


def relative_error(got: np.ndarray, wanted: np.ndarray) -> float:
    """Return the largest difference, as a share of the largest value in either.

    Parameters
    ----------
    got, wanted : array_like
        Of the same shape.

    Returns
    -------
    float
        0 for equal arrays; infinite if a value is not finite.

    Raises
    ------
    ValueError
        If the shapes differ or the arrays are empty.
    """
    got, wanted = np.asarray(got), np.asarray(wanted)
    if got.shape != wanted.shape or got.size == 0:
        raise ValueError(
            f"got: expected shape {wanted.shape} and at least one value, "
            f"got shape {got.shape}"
        )
    if not (np.isfinite(got).all() and np.isfinite(wanted).all()):
        return float("inf")
    scale = max(np.abs(got).max(), np.abs(wanted).max())
    return float(np.abs(got - wanted).max() / scale) if scale > 0 else 0.0


def check_gradients(
    network: VanillaRNN,
    x: np.ndarray,
    targets: np.ndarray,
    initial_state: np.ndarray | None = None,
    step: float = 1e-5,
) -> dict[str, float]:
    """Compare ``network.backward`` with finite differences.

    Parameters
    ----------
    network : VanillaRNN
        In float64.
    x : array_like, shape (N, T, K)
    targets : array_like of int, shape (N, T)
    initial_state : array_like, shape (N, H), optional
        If given, its gradient is checked too, under the name "h0".
    step : float

    Returns
    -------
    dict of str to float
        `relative_error` of each parameter's gradient; about 1e-9 when the
        gradient is right, and around 1 when it is wrong.

    Raises
    ------
    TypeError, ValueError
        If the network is in float32 or an argument is unusable.
    """
    if initial_state is not None:
        known = check_array("initial_state", initial_state, ("N", "H"))
        initial_state = np.array(known, dtype=np.float64)

    def loss() -> float:
        return network.loss(x, targets, initial_state)

    loss()
    gradients = {name: g.copy() for name, g in network.backward().items()}
    arrays = dict(network.parameters)
    if initial_state is not None:
        gradients["h0"] = network.hidden_layer.d_initial_state.copy()
        arrays["h0"] = initial_state
    return {
        name: relative_error(gradients[name], numerical_gradient(loss, array, step))
        for name, array in arrays.items()
    }
