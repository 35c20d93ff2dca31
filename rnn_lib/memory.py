"""How far a network remembers: gradients over time, influence, truncation."""

from __future__ import annotations

import numpy as np

from rnn_lib.functional import cross_entropy_gradient
from rnn_lib.network import VanillaRNN
from rnn_lib.validation import check_array, check_indices, check_mask, check_size

Arrays = dict[str, np.ndarray]


def spectral_radius(W: np.ndarray) -> float:
    """Return the largest absolute value of an eigenvalue of W.

    Applied many times, W multiplies the length of a typical vector by about
    this factor each time (Gelfand's formula).

    Parameters
    ----------
    W : array_like, shape (H, H)

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If W is not square or not finite.
    """
    W = check_array("W", W, ("H", "H"))
    if W.shape[0] != W.shape[1]:
        raise ValueError(f"W: expected as many rows as columns, got {W.shape}")
    return float(np.abs(np.linalg.eigvals(W)).max())


def state_gradients(network: VanillaRNN, d_logits: np.ndarray) -> np.ndarray:
    """Return dL/dh_t at every step of the last forward pass.

    ``dL/dh_t = V.T dL/do_t + W.T dL/dz_{t+1}``: the way through the output
    and the way through the next step.

    Parameters
    ----------
    network : VanillaRNN
        After ``forward`` or ``loss``. Its ``gradients`` are written anew.
    d_logits : array_like, shape (N, T, K)
        dL/do_t.

    Returns
    -------
    ndarray, shape (N, T, H)

    Raises
    ------
    TypeError, ValueError
        If there was no forward pass, or the shape does not fit it.
    """
    d_states = network.output_layer.backward(d_logits)
    dz = network.hidden_layer.backward(d_states)
    total = d_states.copy()
    total[:, :-1] += dz[:, 1:] @ network.hidden_layer.W
    return total


def gradient_norms(
    network: VanillaRNN, x: np.ndarray, answers: np.ndarray
) -> np.ndarray:
    """Return the mean length of dL/dh_t at each step, for a loss at the last step.

    L is the cross-entropy of one sequence's last prediction. The lag of step t
    is T - 1 - t.

    Parameters
    ----------
    network : VanillaRNN
    x : array_like, shape (N, T, K)
    answers : array_like of int, shape (N,)
        The right symbol after the last step.

    Returns
    -------
    ndarray, shape (T,)
        The mean over the N sequences of the norm of dL/dh_t.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable or the shapes do not match.
    """
    x = check_array("x", x, ("N", "T", network.vocab_size), network.dtype)
    answers = check_indices("answers", answers, x.shape[:1], network.output_size)
    logits, _ = network.forward(x)
    d_logits = np.zeros_like(logits)
    d_logits[:, -1] = len(x) * cross_entropy_gradient(logits[:, -1], answers)
    return np.linalg.norm(state_gradients(network, d_logits), axis=-1).mean(axis=0)


def influence(network: VanillaRNN, x: np.ndarray) -> np.ndarray:
    """Return how strongly each input acts on each output of one sequence.

    The number for output t and input s is the Frobenius norm of the matrix of
    derivatives do_t/dx_s, shape (K, K). It is 0 where s > t.

    Parameters
    ----------
    network : VanillaRNN
    x : array_like, shape (T, K)
        One sequence.

    Returns
    -------
    ndarray, shape (T, T)
        Row t, column s.

    Raises
    ------
    TypeError, ValueError
        If `x` is not finite or has another shape.
    """
    x = check_array("x", x, ("T", network.vocab_size), network.dtype)
    T, K = len(x), network.output_size
    network.forward(np.repeat(x[np.newaxis], K, axis=0))  # one copy per output
    found = np.zeros((T, T))
    for t in range(T):
        d_logits = np.zeros((K, T, K), network.dtype)
        d_logits[:, t] = np.eye(K)
        d_states = network.output_layer.backward(d_logits)
        d_x = network.input_layer.backward(network.hidden_layer.backward(d_states))
        found[t] = np.sqrt((d_x**2).sum(axis=(0, 2)))
    return found


def truncated_gradients(
    network: VanillaRNN,
    x: np.ndarray,
    targets: np.ndarray,
    steps: int,
    mask: np.ndarray | None = None,
) -> tuple[float, Arrays]:
    """Return loss and gradients of backpropagation cut into pieces of `steps`.

    Each piece starts from the state that the piece before it ended with, so
    the loss is that of the whole sequences. The gradient does not pass from a
    piece into the one before it (Williams and Peng 1990).

    Parameters
    ----------
    network : VanillaRNN
    x : array_like, shape (N, T, K)
    targets : array_like of int, shape (N, T)
    steps : int
        k, the length of a piece; the last one may be shorter. From T on, the
        gradients are those of ``network.backward``.
    mask : array_like of bool, shape (N, T), optional
        True at the positions that count.

    Returns
    -------
    loss : float
        Mean over the positions that count, in nats per letter.
    gradients : dict of str to ndarray
        Under the names of the parameters.

    Raises
    ------
    TypeError, ValueError
        If an argument is unusable or the shapes do not match.
    """
    x = check_array("x", x, ("N", "T", network.vocab_size), network.dtype)
    targets = check_indices("targets", targets, x.shape[:2], network.output_size)
    counts = np.ones(targets.shape, dtype=bool)
    if mask is not None:
        counts = check_mask("mask", mask, targets.shape)
    size = check_size("steps", steps)
    loss, state = 0.0, None
    total = {name: np.zeros_like(p) for name, p in network.parameters.items()}
    for start in range(0, x.shape[1], size):
        piece = slice(start, start + size)
        share = counts[:, piece].sum() / counts.sum()
        if share == 0:  # nothing is asked here, only the state goes on
            _, state = network.forward(x[:, piece], state)
            continue
        loss += share * network.loss(
            x[:, piece], targets[:, piece], state, counts[:, piece]
        )
        state = network.hidden_layer.final_state
        for name, gradient in network.backward().items():
            total[name] += share * gradient
    return loss, total
