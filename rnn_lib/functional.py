"""Softmax, cross-entropy and the slope of tanh, in forms that do not overflow."""

from __future__ import annotations

import numpy as np

from rnn_lib.validation import check_array, check_indices, check_mask


def tanh_slope(states: np.ndarray) -> np.ndarray:
    """Return the slope of tanh at z, given the state h = tanh z.

    The slope is ``1 - tanh(z)**2``, which is ``1 - h**2``: it needs the output
    of tanh, not its input.

    Parameters
    ----------
    states : ndarray
        Values of tanh, any shape.

    Returns
    -------
    ndarray
        Same shape; between 0 (saturated) and 1 (at z = 0).
    """
    slope = -np.square(states)
    slope += 1  # in place: a second large array costs 5 to 10 % of a step
    return slope


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return the logarithm of the softmax over the last axis.

    The largest logit is subtracted first, which changes nothing in the result
    and keeps every exponential at most 1 (Goodfellow et al. 2016, section 4.1).

    Parameters
    ----------
    logits : array_like, shape (..., K)

    Returns
    -------
    ndarray, shape (..., K)
        Natural logarithms of probabilities.

    Raises
    ------
    TypeError, ValueError
        If `logits` are not finite real numbers with at least one axis.
    """
    shifted = _shifted(logits)
    with np.errstate(under="ignore"):
        total = np.exp(shifted).sum(axis=-1, keepdims=True)
    shifted -= np.log(total)
    return shifted


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the softmax over the last axis: not negative, summing to 1.

    Parameters
    ----------
    logits : array_like, shape (..., K)

    Returns
    -------
    ndarray, shape (..., K)
        Probabilities.

    Raises
    ------
    TypeError, ValueError
        If `logits` are not finite real numbers with at least one axis.
    """
    with np.errstate(under="ignore"):
        exponentials = np.exp(_shifted(logits))
        return exponentials / exponentials.sum(axis=-1, keepdims=True)


def cross_entropy(
    logits: np.ndarray, targets: np.ndarray, mask: np.ndarray | None = None
) -> float:
    """Return the mean cross-entropy, in nats per letter.

    ``L = -mean over n, t of log softmax(o[n, t])[target[n, t]]``, the mean over
    all positions (never a sum); perplexity is ``exp(L)``.

    Parameters
    ----------
    logits : array_like, shape (..., K)
        Raw scores, before any softmax.
    targets : array_like of int, shape (...)
        The index of the right symbol at each position.
    mask : array_like of bool, shape (...), optional
        True at real positions, False at padding: the mean is then over the
        real positions only, and what stands at the others has no effect.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `targets` are not whole numbers or `mask` is not of booleans.
    ValueError
        If the shapes do not match, a target is out of range, no position is
        real, or a logit is not finite.
    """
    log_probabilities = log_softmax(logits)
    right = _places(log_probabilities, targets)
    return _mean_loss(log_probabilities, right, _real(mask, right[-1]))


def cross_entropy_gradient(
    logits: np.ndarray, targets: np.ndarray, mask: np.ndarray | None = None
) -> np.ndarray:
    """Return the gradient of `cross_entropy` with respect to the logits.

    It is ``(softmax(o) - one_hot(target)) / number of positions``; with a mask,
    the number of real positions, and 0 at the others.

    Parameters
    ----------
    logits : array_like, shape (..., K)
    targets : array_like of int, shape (...)
    mask : array_like of bool, shape (...), optional

    Returns
    -------
    ndarray, shape (..., K)

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy`.
    """
    return cross_entropy_and_gradient(logits, targets, mask)[1]


def cross_entropy_and_gradient(
    logits: np.ndarray, targets: np.ndarray, mask: np.ndarray | None = None
) -> tuple[float, np.ndarray]:
    """Return `cross_entropy` and `cross_entropy_gradient` from one softmax.

    Parameters
    ----------
    logits : array_like, shape (..., K)
    targets : array_like of int, shape (...)
    mask : array_like of bool, shape (...), optional

    Returns
    -------
    loss : float
        In nats per letter.
    gradient : ndarray, shape (..., K)
        dL with respect to the logits.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy`.
    """
    shifted = _shifted(logits)
    right = _places(shifted, targets)
    real = _real(mask, right[-1])
    with np.errstate(under="ignore"):
        gradient = np.exp(shifted)
        total = gradient.sum(axis=-1, keepdims=True)
        gradient /= total  # the softmax
        gradient[right] -= 1
        gradient /= right[-1].size if real is None else int(real.sum())
    if real is not None:
        gradient[~real] = 0
    shifted -= np.log(total)  # the logarithm of the softmax
    return _mean_loss(shifted, right, real), gradient


def _shifted(logits: np.ndarray) -> np.ndarray:
    """Return the logits less their largest value along the last axis."""
    known = check_array("logits", logits, ("...", "K"))
    with np.errstate(over="ignore"):  # to -inf, whose exponential is 0
        return known - known.max(axis=-1, keepdims=True)


def _places(logits: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the index tuple that picks the target's entry at every position."""
    known = check_indices("targets", targets, logits.shape[:-1], logits.shape[-1])
    return (*np.indices(known.shape, sparse=True), known)


def _real(mask: np.ndarray | None, targets: np.ndarray) -> np.ndarray | None:
    """Return the checked mask, or None where there is none."""
    return None if mask is None else check_mask("mask", mask, targets.shape)


def _mean_loss(
    log_probabilities: np.ndarray,
    right: tuple[np.ndarray, ...],
    real: np.ndarray | None,
) -> float:
    found = log_probabilities[right]
    loss = -(found if real is None else found[real]).mean(dtype=np.float64)
    return float(loss) + 0.0  # 0.0 rather than -0.0
