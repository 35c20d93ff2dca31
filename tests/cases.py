"""What the tests of the network share: random cases, and slow, plain references."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from rnn_lib import HiddenLayer, VanillaRNN
from tests.support import frozen


@dataclass(frozen=True)
class Sizes:
    """N sequences of T steps; K symbols in, H hidden units, `out` symbols out."""

    N: int
    T: int
    K: int
    H: int
    out: int


# Five different numbers, so that a swapped or transposed axis cannot fit.
SIZES = st.lists(st.integers(1, 7), min_size=5, max_size=5, unique=True).map(
    lambda numbers: Sizes(*numbers)
)
SEEDS = st.integers(0, 2**32 - 1)

ALL_ONE = Sizes(1, 1, 1, 1, 1)
ONE_STEP = Sizes(3, 1, 4, 2, 5)
ONE_UNIT = Sizes(2, 5, 4, 1, 3)


def draws(count: int) -> settings:
    """Return settings for `count` random draws, the same ones in every run."""
    return settings(max_examples=count, derandomize=True, deadline=None)


@dataclass(frozen=True)
class RandomCase:
    """A network and arguments for it, all random; the arguments are read-only."""

    network: VanillaRNN
    x: np.ndarray
    targets: np.ndarray
    h0: np.ndarray
    d_logits: np.ndarray
    d_states: np.ndarray


def make_case(sizes: Sizes, seed: int = 0, dtype: type = np.float64) -> RandomCase:
    """Return a case with inputs, states and upstream gradients of no special form."""
    s = sizes
    rng = np.random.default_rng(seed)
    network = VanillaRNN(s.K, s.H, s.out, dtype=dtype)
    network.set_parameters(
        {
            name: 0.5 * rng.standard_normal(array.shape)
            for name, array in network.parameters.items()
        }
    )
    return RandomCase(
        network,
        frozen(rng.standard_normal((s.N, s.T, s.K)).astype(dtype)),
        frozen(rng.integers(0, s.out, (s.N, s.T))),
        frozen(rng.standard_normal((s.N, s.H)).astype(dtype)),
        frozen(rng.standard_normal((s.N, s.T, s.out)).astype(dtype)),
        frozen(rng.standard_normal((s.N, s.T, s.H)).astype(dtype)),
    )


class ReLULayer(HiddenLayer):
    def activation(self, z):
        return np.maximum(z, 0)

    def slope(self, h):
        return h > 0


def copies(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return copies, to compare with later."""
    return {name: array.copy() for name, array in arrays.items()}


def loop_forward(
    parameters: dict[str, np.ndarray], x: np.ndarray, h0: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return states and logits, number by number, straight from the formulas."""
    U, W, b, V, c = (parameters[name].tolist() for name in "UWbVc")
    N, T, K = x.shape
    H, out = len(b), len(c)
    states, logits = np.empty((N, T, H)), np.empty((N, T, out))
    for n in range(N):
        h = h0[n].tolist()
        for t in range(T):
            z = [
                sum(U[i][k] * float(x[n, t, k]) for k in range(K))
                + sum(W[i][j] * h[j] for j in range(H))
                + b[i]
                for i in range(H)
            ]
            h = [math.tanh(value) for value in z]
            states[n, t] = h
            for k in range(out):
                logits[n, t, k] = sum(V[k][i] * h[i] for i in range(H)) + c[k]
    return states, logits


def loop_loss(logits: np.ndarray, targets: np.ndarray) -> float:
    """Return the mean cross-entropy in nats, position by position."""
    losses = []
    for place in np.ndindex(targets.shape):
        weights = [math.exp(value) for value in logits[place]]
        losses.append(-math.log(weights[targets[place]] / sum(weights)))
    return sum(losses) / len(losses)


def slopes(
    function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-5
) -> np.ndarray:
    """Return the gradient of `function` at `at` by central differences."""
    gradient = np.empty(at.shape)
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        gradient[place] = (function(up) - function(down)) / (2 * step)
    return gradient


def assert_near(got: np.ndarray, wanted: np.ndarray, tolerance: float) -> None:
    """Assert equal shapes, and values equal to within a share of the largest."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    assert got.shape == wanted.shape
    scale = max(float(np.abs(wanted).max()), 1e-3)
    np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance * scale)


def assert_says(error: BaseException, name: str, *parts: str) -> None:
    """Assert that a message names the argument, what was expected and what came."""
    message = str(error)
    assert message.startswith(f"{name}: expected "), message
    assert "got " in message, message
    for part in parts:
        assert part in message, message
