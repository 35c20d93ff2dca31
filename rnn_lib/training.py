"""The training loop, what it records, and evaluation."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from tqdm import tqdm

from rnn_lib.network import VanillaRNN
from rnn_lib.optimizers import SGD, Adam, clip_by_norm, global_norm
from rnn_lib.validation import (
    check_array,
    check_indices,
    check_mask,
    check_seed,
    check_size,
)


@dataclass
class History:
    """What one call of `train` measured, one number per epoch.

    Attributes
    ----------
    losses : list of float
        Mean cross-entropy in nats per letter, measured on each batch before
        the update that it leads to. With more than one batch it averages over
        the networks between updates; `evaluate` measures a single one.
    accuracies : list of float
        Share of letters predicted right, 0 to 1, measured at the same time.
    gradient_norms : list of float
        Largest norm of a batch's gradient in the epoch, before clipping.
    """

    losses: list[float] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)
    gradient_norms: list[float] = field(default_factory=list)


def train(
    network: VanillaRNN,
    x: np.ndarray,
    targets: np.ndarray,
    *,
    optimizer: SGD | Adam,
    epochs: int,
    batch_size: int | None = None,
    max_norm: float | None = None,
    shuffle: bool = False,
    seed: int | np.random.Generator = 0,
    mask: np.ndarray | None = None,
) -> History:
    """Train `network` in place. The hidden state starts at zero in every batch.

    Parameters
    ----------
    network : VanillaRNN
    x : array_like, shape (N, T, K)
    targets : array_like of int, shape (N, T)
    optimizer : SGD or Adam
        Adam keeps running means, so a second call for the same network goes
        on where the first ended. It refuses another network.
    epochs : int
        How often every sequence is seen.
    batch_size : int, optional
        Sequences per update; all N if not given.
    max_norm : float, optional
        Clip the gradient to this norm before the update.
    shuffle : bool
        Whether to draw a new order of the sequences in every epoch.
    seed : int or numpy.random.Generator
        For the order.
    mask : array_like of bool, shape (N, T), optional
        True at real positions, False at padding after the end of a sequence.
        Every mean is over the real positions. A sequence of padding only is
        in no batch.

    Returns
    -------
    History

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable, or the loss, a gradient or its norm stops
        being finite.

    Notes
    -----
    A progress bar of tqdm shows on standard error; the environment variable
    ``TQDM_DISABLE=1`` switches it off.
    """
    x = check_array("x", x, ("N", "T", network.vocab_size), network.dtype)
    targets = check_indices("targets", targets, x.shape[:2], network.output_size)
    if mask is not None:
        mask = check_mask("mask", mask, targets.shape)
    if isinstance(optimizer, type) or not callable(getattr(optimizer, "step", None)):
        raise TypeError(f"optimizer: expected SGD or Adam, got {optimizer!r}")
    epochs = check_size("epochs", epochs)
    size = len(x) if batch_size is None else check_size("batch_size", batch_size)
    rng = check_seed(seed)
    read = np.arange(len(x)) if mask is None else np.flatnonzero(mask.any(axis=1))
    history = History()
    progress = tqdm(range(epochs), desc="epochs", leave=False)
    for _ in progress:
        order = read[rng.permutation(len(read))] if shuffle else read
        batches = [order[i : i + size] for i in range(0, len(order), size)]
        measured = [
            _update(network, _batch(rows, x, targets, mask), optimizer, max_norm)
            for rows in batches
        ]
        losses, accuracies, norms = np.array(measured).T
        weights = [len(rows) if mask is None else mask[rows].sum() for rows in batches]
        history.losses.append(float(np.average(losses, weights=weights)))
        _check_finite("mean loss", history.losses[-1])
        history.accuracies.append(float(np.average(accuracies, weights=weights)))
        history.gradient_norms.append(float(norms.max()))
        progress.set_postfix(loss=_short(history.losses[-1]), refresh=False)
    return history


def _update(
    network: VanillaRNN,
    batch: tuple[np.ndarray, ...],
    optimizer: SGD | Adam,
    max_norm: float | None,
) -> tuple[float, float, float]:
    """Make one update; return loss, accuracy and gradient norm before it."""
    loss, accuracy = evaluate(network, *batch)
    _check_finite("loss", loss)
    with np.errstate(over="ignore", invalid="ignore"):
        gradients = network.backward()
    if max_norm is None:
        norm = global_norm(gradients)
        _check_finite("norm of the gradient", norm)
    else:
        gradients, norm = clip_by_norm(gradients, max_norm)
    optimizer.step(network.parameters, gradients)
    return loss, accuracy, norm


def _check_finite(name: str, value: float) -> None:
    if not np.isfinite(value):
        raise ValueError(
            f"{name}: expected finite numbers, got {value}; "
            "lower the learning rate or clip"
        )


def _short(loss: float) -> str:
    """Return a loss as the progress bar shows it, in a few letters of any size."""
    return f"{loss:.4f}" if loss < 1e6 else f"{loss:.4e}"


def evaluate(
    network: VanillaRNN,
    x: np.ndarray,
    targets: np.ndarray,
    mask: np.ndarray | None = None,
) -> tuple[float, float]:
    """Return loss and accuracy without changing any parameter.

    Parameters
    ----------
    network : VanillaRNN
    x : array_like, shape (N, T, K)
    targets : array_like of int, shape (N, T)
    mask : array_like of bool, shape (N, T), optional
        True at real positions, which alone count.

    Returns
    -------
    loss : float
        Mean cross-entropy in nats per letter.
    accuracy : float
        Share of letters predicted right, 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If an array is unusable or the shapes do not match.
    """
    given = {} if mask is None else {"mask": mask}
    loss = network.loss(x, targets, **given)
    right = network.logits.argmax(axis=-1) == targets
    return loss, float(right.mean() if mask is None else right[mask].mean())


def _batch(
    rows: np.ndarray, x: np.ndarray, targets: np.ndarray, mask: np.ndarray | None
) -> tuple[np.ndarray, ...]:
    """Return these rows, without the last steps if those are padding in all."""
    if mask is None:
        return x[rows], targets[rows]
    used = 1 + np.flatnonzero(mask[rows].any(axis=0))[-1]
    return x[rows, :used], targets[rows, :used], mask[rows, :used]
