"""Starting values for the five parameter arrays of the network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnn_lib.validation import check_dtype, check_name, check_seed, check_size

Parameters = dict[str, np.ndarray]


def initialize(
    scheme: str,
    input_size: int,
    hidden_size: int,
    output_size: int,
    seed: int | np.random.Generator = 0,
    dtype: type | np.dtype = np.float64,
) -> Parameters:
    """Return fresh parameters U, W, b, V, c.

    Parameters
    ----------
    scheme : {"uniform", "orthogonal", "original"}
        - "uniform": every number from U(-1/sqrt(H), 1/sqrt(H)), as `nn.RNN`
          and `nn.Linear` of PyTorch draw theirs.
        - "orthogonal": the same, but W is a random orthogonal matrix (Saxe,
          McClelland and Ganguli 2014), which keeps the length of a vector.
        - "original": every number from U(0, 1), as in the notebook that this
          course grew out of. It saturates tanh; kept to show why.
    input_size, hidden_size, output_size : int
        K, H and K again (the number of symbols in and out).
    seed : int or numpy.random.Generator
    dtype : float32 or float64

    Returns
    -------
    dict of str to ndarray
        U (H, K), W (H, H), b (H,), V (K, H), c (K,).

    Raises
    ------
    TypeError
        If a size is not a whole number or `dtype` is another type.
    ValueError
        If a size is below 1 or `scheme` is unknown.
    """
    make = _SCHEMES[check_name("initialization", scheme, _SCHEMES)]
    K = check_size("input_size", input_size)
    H = check_size("hidden_size", hidden_size)
    out = check_size("output_size", output_size)
    dtype = check_dtype(dtype)
    shapes = {"U": (H, K), "W": (H, H), "b": (H,), "V": (out, H), "c": (out,)}
    parameters = make(check_seed(seed), shapes)
    return {name: value.astype(dtype) for name, value in parameters.items()}


def _uniform(rng: np.random.Generator, shapes: dict[str, tuple]) -> Parameters:
    bound = 1 / np.sqrt(shapes["W"][0])
    return {name: rng.uniform(-bound, bound, shape) for name, shape in shapes.items()}


def _orthogonal(rng: np.random.Generator, shapes: dict[str, tuple]) -> Parameters:
    parameters = _uniform(rng, shapes)
    Q, R = np.linalg.qr(rng.standard_normal(shapes["W"]))
    # The signs make Q uniform over all orthogonal matrices (arXiv:math-ph/0609050).
    parameters["W"] = Q * np.sign(np.diag(R))
    return parameters


def _original(rng: np.random.Generator, shapes: dict[str, tuple]) -> Parameters:
    return {name: rng.uniform(0, 1, shape) for name, shape in shapes.items()}


_SCHEMES: dict[str, Callable[[np.random.Generator, dict[str, tuple]], Parameters]] = {
    "uniform": _uniform,
    "orthogonal": _orthogonal,
    "original": _original,
}
